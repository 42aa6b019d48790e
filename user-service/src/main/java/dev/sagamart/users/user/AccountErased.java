package dev.sagamart.users.user;

import java.util.UUID;

/**
 * Tells the rest of this service, inside the erasing transaction, that an account and all
 * that hangs on it has to go.
 *
 * @param email that the account had
 */
public record AccountErased(UUID userId, EmailAddress email) {
}
