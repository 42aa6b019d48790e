package dev.sagamart.users.email;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of mails about accounts.
 *
 * @param shop the URL of the shop, to whose pages the links lead
 * @param confirmationLife how long a confirmation token is valid after the mail was sent
 * @param resetLife the same for a new password
 */
@Validated
@ConfigurationProperties("sagamart.account-mails")
record AccountMailProperties(@NotNull URI shop, @NotNull @DefaultValue("24h") Duration confirmationLife,
		@NotNull @DefaultValue("1h") Duration resetLife) {
}
