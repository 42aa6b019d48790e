package dev.sagamart.users.user;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A shipping address of a user.
 *
 * @param postalCode {@code null} in countries without postal codes
 * @param country ISO 3166 alpha-2
 */
public record Address(UUID id, String recipient, String line1, @Nullable String line2, String city,
		@Nullable String postalCode, String country) {
}
