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
 * The stock and the reservations that a batch of messages is about, in memory: takes the
 * messages one by one in the order they came, and remembers what has to be written back.
 * Whoever fills it holds the locks of everything in it. Pure: no clock, no database.
 * <p>
 * Every message may come twice and in any order. What an order already is decides: a
 * repeated message is answered as before, an undo that comes first is remembered, and
 * whatever comes after an undo is answered with the undo.
 */
final class StockBook {

	private final Map<UUID, Offer> offers;

	private final Map<UUID, StockLevel> levels;

	private final Map<UUID, Reservation> reservations;

	private final Set<UUID> changedLevels = new LinkedHashSet<>();

	private final Set<UUID> changedReservations = new LinkedHashSet<>();

	/**
	 * A book.
	 * @param offers products by id; one that is missing does not exist
	 * @param levels stock by product id, of all products in {@code offers} and all that
	 * the reservations hold
	 * @param reservations by order id; one that is missing is new
	 */
	StockBook(Map<UUID, Offer> offers, Map<UUID, StockLevel> levels, Map<UUID, Reservation> reservations) {
		this.offers = Map.copyOf(offers);
		this.levels = new LinkedHashMap<>(levels);
		this.reservations = new LinkedHashMap<>(reservations);
	}

	/** Holds all lines or none, at the quoted prices. */
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

	/**
	 * Gives up what is held and not sold. What is sold stays sold: only a return brings
	 * it back.
	 */
	List<StockEvent> release(UUID orderId) {
		Reservation reservation = reservation(orderId);
		switch (reservation.status()) {
			case NEW, CONFIRMED -> put(reservation.to(Status.RELEASED));
			case RESERVED -> {
				move(reservation.lines(), StockLevel::release);
				put(reservation.to(Status.RELEASED));
			}
			case REJECTED, RELEASED, SOLD, RETURNED -> {
			}
		}
		return List.of(new StockEvent.StockReleased(orderId));
	}

	/** Turns what is held into a sale. */
	List<StockEvent> confirm(UUID orderId) {
		Reservation reservation = reservation(orderId);
		return switch (reservation.status()) {
			case NEW -> {
				put(reservation.to(Status.CONFIRMED));
				yield List.of();
			}
			case RESERVED -> {
				move(reservation.lines(), StockLevel::sell);
				put(reservation.to(Status.SOLD));
				yield List.of(new StockEvent.StockSold(orderId));
			}
			case SOLD -> List.of(new StockEvent.StockSold(orderId));
			case REJECTED, RELEASED, CONFIRMED, RETURNED -> List.of();
		};
	}

	/** Takes back what is sold, or still held because the sale was not recorded yet. */
	List<StockEvent> takeBack(UUID orderId) {
		Reservation reservation = reservation(orderId);
		switch (reservation.status()) {
			case NEW, CONFIRMED -> put(reservation.to(Status.RETURNED));
			case RESERVED -> {
				move(reservation.lines(), StockLevel::release);
				put(reservation.to(Status.RETURNED));
			}
			case SOLD -> {
				move(reservation.lines(), StockLevel::takeBack);
				put(reservation.to(Status.RETURNED));
			}
			case REJECTED, RELEASED, RETURNED -> {
			}
		}
		return List.of(new StockEvent.StockReturned(orderId));
	}

	Map<UUID, StockLevel> changedLevels() {
		return only(this.changedLevels, this.levels);
	}

	Map<UUID, Reservation> changedReservations() {
		return only(this.changedReservations, this.reservations);
	}

	private List<StockEvent> reserve(Reservation reservation, List<OrderLine> lines, Status reached) {
		Map<UUID, Long> wanted = new LinkedHashMap<>();
		for (OrderLine line : lines) {
			wanted.merge(line.productId(), (long) line.quantity(), Long::sum);
			Failure failure = failureOf(line, wanted.getOrDefault(line.productId(), 0L));
			if (failure != null) {
				Reservation rejected = reservation.rejected(failure);
				put(rejected);
				return List.of(rejection(rejected));
			}
		}
		UUID orderId = reservation.orderId();
		put(reservation.holding(wanted, reached));
		move(wanted, StockLevel::reserve);
		if (reached == Status.SOLD) {
			move(wanted, StockLevel::sell);
			return List.of(new StockEvent.StockReserved(orderId), new StockEvent.StockSold(orderId));
		}
		return List.of(new StockEvent.StockReserved(orderId));
	}

	private @Nullable Failure failureOf(OrderLine line, long wanted) {
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
		if (level.available() < wanted) {
			return new Failure(FailureCode.OUT_OF_STOCK, productId, (level.available() > 0)
					? "Only " + level.available() + " of " + offer.name() + " left." : offer.name() + " is sold out.");
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

	private static <T> Map<UUID, T> only(Set<UUID> ids, Map<UUID, T> all) {
		Map<UUID, T> some = new LinkedHashMap<>(all);
		some.keySet().retainAll(ids);
		return Collections.unmodifiableMap(some);
	}

}
