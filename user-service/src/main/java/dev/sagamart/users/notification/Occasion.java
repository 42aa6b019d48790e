package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell a user.
 *
 * @param eventId says whether it is the same one again
 * @param total of the order, if it is to be told
 */
public record Occasion(UUID eventId, Notification.Kind kind, UUID userId, UUID orderId, @Nullable Money total,
		Instant at) {
}
