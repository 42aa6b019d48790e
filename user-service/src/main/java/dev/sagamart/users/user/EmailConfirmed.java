package dev.sagamart.users.user;

import java.util.UUID;

/**
 * An event inside the transaction that confirms an address: mails may be sent to it.
 */
public record EmailConfirmed(UUID userId) {
}
