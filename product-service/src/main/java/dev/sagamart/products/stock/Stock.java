package dev.sagamart.products.stock;

import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockEvent;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import dev.sagamart.products.stock.Reservation.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The stock of all products. */
@Service
public class Stock {

	private final StockRepository repository;

	private final Outbox outbox;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	Stock(StockRepository repository, Outbox outbox, ApplicationEventPublisher events, Clock clock) {
		this.repository = repository;
		this.outbox = outbox;
		this.events = events;
		this.clock = clock;
	}

	/** What came of an adjustment. */
	public sealed interface Adjustment {

		/** It is done and recorded. */
		record Done(UUID id, Instant at, StockLevel level) implements Adjustment {
		}

		/** Fewer than the reserved units would be left. */
		record Refused(StockLevel level) implements Adjustment {
		}

		record UnknownProduct() implements Adjustment {
		}

	}

	/**
	 * Said within the transaction that changes what customers see of the stock.
	 *
	 * @param versions of the stock of these products
	 */
	public record StockChanged(Map<UUID, Long> versions) {
	}

	/** Begins the stock of a new product, in the transaction that creates it. */
	@Transactional(propagation = Propagation.MANDATORY)
	public void open(UUID productId, long initial) {
		this.repository.open(productId, initial);
	}

	@Transactional(readOnly = true)
	public Optional<StockLevel> levelOf(UUID productId) {
		return this.repository.find(productId);
	}

	/** With how many units a product began. */
	@Transactional(readOnly = true)
	public Optional<Long> initialOf(UUID productId) {
		return this.repository.findInitial(productId);
	}

	/** Corrects what is on hand: a delivery, a loss, a count. */
	@Transactional
	public Adjustment adjust(UUID productId, long delta, String reason, UUID actorId) {
		Optional<StockLevel> level = this.repository.adjust(productId, delta);
		if (level.isEmpty()) {
			return this.repository.find(productId)
				.<Adjustment>map(Adjustment.Refused::new)
				.orElseGet(Adjustment.UnknownProduct::new);
		}
		Instant now = this.clock.instant();
		UUID id = this.repository.recordAdjustment(productId, delta, reason, actorId, now);
		tell(List.of(productId));
		return new Adjustment.Done(id, now, level.get());
	}

	/**
	 * Does what the saga asks and what confirmed orders mean, as if message by message in
	 * list order, and answers through the outbox.
	 */
	@Transactional(propagation = Propagation.MANDATORY)
	public void handle(List<StockChange> batch) {
		Instant now = this.clock.instant();
		Map<UUID, Reservation> before = this.repository
			.lockReservations(batch.stream().map(StockChange::orderId).toList(), now);
		Set<UUID> productIds = productsOf(batch, before.values());
		Map<UUID, StockLevel> levels = this.repository.lockLevels(productIds);
		StockBook book = new StockBook(this.repository.findOffers(productIds), levels, before);
		List<Outgoing> answers = new ArrayList<>();
		for (StockChange change : batch) {
			for (StockEvent answer : apply(book, change)) {
				answers.add(new Outgoing(answer, change.context()));
			}
		}
		Collection<Reservation> after = book.changedReservations().values();
		this.repository.saveLevels(book.changedLevels());
		tell(book.changedLevels()
			.entrySet()
			.stream()
			.filter((changed) -> changed.getValue()
				.availability() != Objects.requireNonNull(levels.get(changed.getKey())).availability())
			.map(Map.Entry::getKey)
			.toList());
		this.repository.saveReservations(after, now);
		this.repository.addLines(after.stream().filter((reservation) -> isFilled(before, reservation)).toList());
		this.outbox.appendAll(answers);
	}

	private void tell(List<UUID> productIds) {
		if (!productIds.isEmpty()) {
			this.events.publishEvent(new StockChanged(this.repository.versions(productIds)));
		}
	}

	private static List<StockEvent> apply(StockBook book, StockChange change) {
		return switch (change.kind()) {
			case RESERVE -> book.reserve(change.orderId(), change.lines());
			case RELEASE -> book.release(change.orderId());
			case TAKE_BACK -> book.takeBack(change.orderId());
			case SELL -> book.confirm(change.orderId());
		};
	}

	private static Set<UUID> productsOf(List<StockChange> batch, Collection<Reservation> reservations) {
		Set<UUID> productIds = new HashSet<>();
		batch.forEach((change) -> change.lines().stream().map(OrderLine::productId).forEach(productIds::add));
		reservations.forEach((reservation) -> productIds.addAll(reservation.lines().keySet()));
		return productIds;
	}

	/** Whether an order got its lines in this batch. */
	private static boolean isFilled(Map<UUID, Reservation> before, Reservation after) {
		Reservation known = before.get(after.orderId());
		return !after.lines().isEmpty() && known != null
				&& (known.status() == Status.NEW || known.status() == Status.CONFIRMED);
	}

}
