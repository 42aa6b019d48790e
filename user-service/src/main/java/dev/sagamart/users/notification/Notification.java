package dev.sagamart.users.notification;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was, is or will be sent to a user about an order.
 *
 * @param id of the event that it is about
 * @param at when that happened
 * @param sentAt when the mail server took it; {@code null} unless {@link Status#SENT}
 */
public record Notification(UUID id, Kind kind, UUID orderId, Instant at, Status status, @Nullable Instant sentAt) {

	public enum Kind {

		ORDER_CONFIRMED, ORDER_REJECTED, ORDER_CANCELLED, ORDER_SHIPPED, ORDER_DELIVERED

	}

	public enum Status {

		/**
		 * Waits to be sent, for the first time or again, or for the user to confirm the
		 * address.
		 */
		PENDING,

		SENT,

		/** The mail server did not take it, however often it was tried. */
		FAILED,

		/** Too many others went to that address within an hour. */
		SURPLUS,

		/** There is no mail server: this is all there is. */
		RECORDED

	}

}
