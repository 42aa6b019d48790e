package dev.sagamart.products.stock;

import dev.sagamart.events.FailureCode;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stock that an order reserved or bought.
 *
 * @param lines units by product; empty unless something was ever reserved
 * @param failure the reason of a rejection
 */
record Reservation(UUID orderId, Status status, Map<UUID, Long> lines, @Nullable Failure failure) {

	Reservation {
		lines = Map.copyOf(lines);
	}

	enum Status {

		/** No message about the order has been handled yet. */
		NEW,
		/** All lines are reserved. */
		RESERVED,
		/** Nothing is reserved, because at least one line was not available. */
		REJECTED,
		/** No longer reserved, or released before the reservation arrived (tombstone). */
		RELEASED,
		/** The confirmation arrived before the reservation. */
		CONFIRMED,
		/** All lines are sold. */
		SOLD,
		/** Returned, or cancelled after the order was confirmed. */
		RETURNED

	}

	/**
	 * The reason of a rejection.
	 *
	 * @param message for the customer
	 */
	record Failure(FailureCode code, UUID productId, String message) {
	}

	static Reservation unknown(UUID orderId) {
		return new Reservation(orderId, Status.NEW, Map.of(), null);
	}

	Reservation withStatus(Status next) {
		return new Reservation(this.orderId, next, this.lines, this.failure);
	}

	Reservation withLines(Map<UUID, Long> units, Status next) {
		return new Reservation(this.orderId, next, units, null);
	}

	Reservation rejected(Failure reason) {
		return new Reservation(this.orderId, Status.REJECTED, Map.of(), reason);
	}

}
