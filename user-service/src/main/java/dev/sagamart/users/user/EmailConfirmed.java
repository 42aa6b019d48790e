package dev.sagamart.users.user;

import java.util.UUID;

/**
 * Tells the rest of this service, inside the confirming transaction, that mails may go to
 * the address that a user has now.
 */
public record EmailConfirmed(UUID userId) {
}
