package dev.sagamart.products.stock;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockEvent;
import dev.sagamart.products.stock.Reservation.Failure;
import dev.sagamart.products.stock.Reservation.Status;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The stock and the reservations for a batch of messages, in memory. Handles the messages
 * one by one in the order in which they arrived, and tracks the changes that have to be
 * saved. The caller must hold the database locks of all rows in it. It uses neither a
 * clock nor the database.
 * <p>
 * Messages may be repeated and arrive in any order. The status of the reservation
 * decides: a repeated message gets the same reply, an undo that arrives first is
 * recorded, and a later message for that order is answered with the result of the undo.
 */
final class StockBatch {

	private final Map<UUID, Offer> offers;

	private final Map<UUID, StockLevel> levels;

	private final Map<UUID, Reservation> reservations;

	private final Set<UUID> changedLevels = new LinkedHashSet<>();

	private final Set<UUID> changedReservations = new LinkedHashSet<>();

	/**
	 * @param offers products by id; a missing product does not exist
	 * @param levels stock by product id, of all products in {@code offers} and in
	 * {@code reservations}
	 * @param reservations by order id; a missing reservation is new
	 */
	StockBatch(Map<UUID, Offer> offers, Map<UUID, StockLevel> levels, Map<UUID, Reservation> reservations) {
		this.offers = Map.copyOf(offers);
		this.levels = new LinkedHashMap<>(levels);
		this.reservations = new LinkedHashMap<>(reservations);
	}

	/** Reserves all lines at the quoted prices, or none. */
	List<StockEvent> reserve(UUID orderId, List<OrderLine> lines) {
		Reservation reservation = reservation(orderId);
		return switch (reservation.status()) {
			case NEW -> reserve(reservation, lines, Status.RESERVED);
			case CONFIRMED -> reserve(reservation, lines, Status.SOLD);
			case RESERVED, SOLD -> List.of(new StockEvent.StockReserved(orderId));
			case REJECTED -> List.of(rejection(reservation));
			case RELEASED -> List.of(new StockEvent.StockReleased(orderId));
			case RETURNED -> List.of(new StockEvent.StockReturned(orderId));
		};
	}

	/** Releases reserved stock. Sold stock stays sold; only a return changes it. */
	List<StockEvent> release(UUID orderId) {
		Reservation reservation = reservation(orderId);
		switch (reservation.status()) {
			case NEW, CONFIRMED -> put(reservation.withStatus(Status.RELEASED));
			case RESERVED -> {
				move(reservation.lines(), StockLevel::release);
				put(reservation.withStatus(Status.RELEASED));
			}
			case REJECTED, RELEASED, SOLD, RETURNED -> {
			}
		}
		return List.of(new StockEvent.StockReleased(orderId));
	}

	List<StockEvent> confirm(UUID orderId) {
		Reservation reservation = reservation(orderId);
		return switch (reservation.status()) {
			case NEW -> {
				put(reservation.withStatus(Status.CONFIRMED));
				yield List.of();
			}
			case RESERVED -> {
				move(reservation.lines(), StockLevel::sell);
				put(reservation.withStatus(Status.SOLD));
				yield List.of(new StockEvent.StockSold(orderId));
			}
			case SOLD -> List.of(new StockEvent.StockSold(orderId));
			case REJECTED, RELEASED, CONFIRMED, RETURNED -> List.of();
		};
	}

	/** Takes back sold stock; releases stock whose sale was not recorded yet. */
	List<StockEvent> returnStock(UUID orderId) {
		Reservation reservation = reservation(orderId);
		switch (reservation.status()) {
			case NEW, CONFIRMED -> put(reservation.withStatus(Status.RETURNED));
			case RESERVED -> {
				move(reservation.lines(), StockLevel::release);
				put(reservation.withStatus(Status.RETURNED));
			}
			case SOLD -> {
				move(reservation.lines(), StockLevel::restock);
				put(reservation.withStatus(Status.RETURNED));
			}
			case REJECTED, RELEASED, RETURNED -> {
			}
		}
		return List.of(new StockEvent.StockReturned(orderId));
	}

	Map<UUID, StockLevel> changedLevels() {
		return retain(this.changedLevels, this.levels);
	}

	Map<UUID, Reservation> changedReservations() {
		return retain(this.changedReservations, this.reservations);
	}

	private List<StockEvent> reserve(Reservation reservation, List<OrderLine> lines, Status target) {
		Map<UUID, Long> quantities = new LinkedHashMap<>();
		for (OrderLine line : lines) {
			quantities.merge(line.productId(), (long) line.quantity(), Long::sum);
			Failure failure = checkLine(line, quantities.getOrDefault(line.productId(), 0L));
			if (failure != null) {
				Reservation rejected = reservation.rejected(failure);
				put(rejected);
				return List.of(rejection(rejected));
			}
		}
		UUID orderId = reservation.orderId();
		put(reservation.withLines(quantities, target));
		move(quantities, StockLevel::reserve);
		if (target == Status.SOLD) {
			move(quantities, StockLevel::sell);
			return List.of(new StockEvent.StockReserved(orderId), new StockEvent.StockSold(orderId));
		}
		return List.of(new StockEvent.StockReserved(orderId));
	}

	private @Nullable Failure checkLine(OrderLine line, long quantity) {
		UUID productId = line.productId();
		Offer offer = this.offers.get(productId);
		StockLevel level = this.levels.get(productId);
		if (offer == null || level == null) {
			return new Failure(FailureCode.PRODUCT_UNAVAILABLE, productId, "There is no product " + productId + ".");
		}
		if (!offer.active()) {
			return new Failure(FailureCode.PRODUCT_UNAVAILABLE, productId, offer.name() + " is no longer sold.");
		}
		if (!offer.price().equals(line.unitPrice())) {
			return new Failure(FailureCode.PRICE_CHANGED, productId,
					offer.name() + " now costs " + offer.displayPrice() + ".");
		}
		if (level.available() < quantity) {
			return new Failure(FailureCode.OUT_OF_STOCK, productId,
					(level.available() > 0) ? offer.name() + " has only " + level.available() + " left in stock."
							: offer.name() + " is sold out.");
		}
		return null;
	}

	private Reservation reservation(UUID orderId) {
		return this.reservations.getOrDefault(orderId, Reservation.unknown(orderId));
	}

	private void put(Reservation reservation) {
		this.reservations.put(reservation.orderId(), reservation);
		this.changedReservations.add(reservation.orderId());
	}

	private void move(Map<UUID, Long> units, BiFunction<StockLevel, Long, StockLevel> change) {
		units.forEach((productId, quantity) -> {
			this.levels.computeIfPresent(productId, (id, level) -> change.apply(level, quantity));
			this.changedLevels.add(productId);
		});
	}

	private static StockEvent rejection(Reservation reservation) {
		Failure failure = reservation.failure();
		if (failure == null) {
			throw new IllegalStateException("Order " + reservation.orderId() + " was rejected without a reason");
		}
		return new StockEvent.StockRejected(reservation.orderId(), failure.code(), failure.productId(),
				failure.message());
	}

	private static <T> Map<UUID, T> retain(Set<UUID> ids, Map<UUID, T> all) {
		Map<UUID, T> some = new LinkedHashMap<>(all);
		some.keySet().retainAll(ids);
		return Collections.unmodifiableMap(some);
	}

}
