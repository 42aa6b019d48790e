package dev.sagamart.users.session;

import java.util.UUID;

/**
 * An event inside the transaction: all sessions of a user have ended, see
 * {@link Sessions#endAll}.
 */
public record SessionsEnded(UUID userId) {
}
