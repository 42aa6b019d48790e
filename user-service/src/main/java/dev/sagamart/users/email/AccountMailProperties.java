package dev.sagamart.users.email;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What mails about accounts hold.
 *
 * @param shop where people reach the shop, whose pages the links lead to
 * @param confirmationLife for how long an address can be confirmed once the mail is sent
 * @param resetLife the same for a new password
 */
@Validated
@ConfigurationProperties("sagamart.account-mails")
record AccountMailProperties(@NotNull URI shop, @NotNull @DefaultValue("24h") Duration confirmationLife,
		@NotNull @DefaultValue("1h") Duration resetLife) {
}
