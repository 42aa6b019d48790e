package dev.sagamart.users.session;

import java.util.UUID;

/**
 * Tells the rest of this service, inside the transaction, that all that was begun in a
 * user's name has ended: see {@link Sessions#endAll}.
 */
public record SessionsEnded(UUID userId) {
}
