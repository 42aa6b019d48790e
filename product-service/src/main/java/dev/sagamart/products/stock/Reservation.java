package dev.sagamart.products.stock;

import dev.sagamart.events.FailureCode;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an order holds or bought.
 *
 * @param lines units by product; empty unless something was ever reserved
 * @param failure why nothing was reserved, of a rejected one
 */
record Reservation(UUID orderId, Status status, Map<UUID, Long> lines, @Nullable Failure failure) {

	Reservation {
		lines = Map.copyOf(lines);
	}

	enum Status {

		/** Nothing is known of the order yet. */
		NEW,
		/** All lines are held. */
		RESERVED,
		/** Nothing is held: some line could not be. */
		REJECTED,
		/** No longer held, or released before it could be reserved. */
		RELEASED,
		/** The order was confirmed, but its reservation has not come yet. */
		CONFIRMED,
		/** All lines are bought. */
		SOLD,
		/** Sent back, or given up after the order was confirmed. */
		RETURNED

	}

	/**
	 * Why an order got nothing.
	 *
	 * @param message for the customer
	 */
	record Failure(FailureCode code, UUID productId, String message) {
	}

	static Reservation unknown(UUID orderId) {
		return new Reservation(orderId, Status.NEW, Map.of(), null);
	}

	Reservation to(Status next) {
		return new Reservation(this.orderId, next, this.lines, this.failure);
	}

	Reservation holding(Map<UUID, Long> units, Status next) {
		return new Reservation(this.orderId, next, units, null);
	}

	Reservation rejected(Failure reason) {
		return new Reservation(this.orderId, Status.REJECTED, Map.of(), reason);
	}

}
