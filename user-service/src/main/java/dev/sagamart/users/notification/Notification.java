package dev.sagamart.users.notification;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notification of a user about an order.
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
		 * It waits to be sent, or for the user to confirm the address.
		 */
		PENDING,

		SENT,

		/** The mail server refused it at every attempt. */
		FAILED,

		/** The limit of mails to that address within an hour was exceeded. */
		SURPLUS,

		/** There is no mail server, so it is only listed. */
		RECORDED

	}

}
