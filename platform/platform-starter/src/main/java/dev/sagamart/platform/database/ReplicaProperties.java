package dev.sagamart.platform.database;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * A replica of the database for {@link ReplicaReads}; there is none unless a URL is set.
 *
 * @param url of the replica, as JDBC writes it; all else is as for the primary
 * @param maxLag how far the replica may be behind; the primary is read while it is
 * further behind
 */
@Validated
@ConfigurationProperties("sagamart.database.replica")
record ReplicaProperties(@NotBlank String url, @DurationMin(seconds = 3) @DefaultValue("5s") Duration maxLag) {
}
