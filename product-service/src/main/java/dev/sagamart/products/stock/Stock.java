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

	/** The result of an adjustment. */
	public sealed interface Adjustment {

		record Done(UUID id, Instant at, StockLevel level) implements Adjustment {
		}

		/** The stock on hand would be smaller than the reserved stock. */
		record Refused(StockLevel level) implements Adjustment {
		}

		record UnknownProduct() implements Adjustment {
		}

	}

	/**
	 * Published in the transaction that changes the availability of products.
	 *
	 * @param versions the new versions of their stock
	 */
	public record StockChanged(Map<UUID, Long> versions) {
	}

	/** Creates the stock of a product, in the transaction that creates the product. */
	@Transactional(propagation = Propagation.MANDATORY)
	public void open(UUID productId, long initial) {
		this.repository.open(productId, initial);
	}

	@Transactional(readOnly = true)
	public Optional<StockLevel> levelOf(UUID productId) {
		return this.repository.find(productId);
	}

	@Transactional(readOnly = true)
	public Optional<Long> initialOf(UUID productId) {
		return this.repository.findInitial(productId);
	}

	/** Corrects the stock on hand after a delivery, a loss or an inventory count. */
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
		publishChange(List.of(productId));
		return new Adjustment.Done(id, now, level.get());
	}

	/** Applies changes in list order, and sends the replies through the outbox. */
	@Transactional(propagation = Propagation.MANDATORY)
	public void handle(List<StockChange> changes) {
		Instant now = this.clock.instant();
		Map<UUID, Reservation> before = this.repository
			.lockReservations(changes.stream().map(StockChange::orderId).toList(), now);
		Set<UUID> productIds = productsOf(changes, before.values());
		Map<UUID, StockLevel> levels = this.repository.lockLevels(productIds);
		StockBatch batch = new StockBatch(this.repository.findOffers(productIds), levels, before);
		List<Outgoing> replies = new ArrayList<>();
		for (StockChange change : changes) {
			for (StockEvent reply : apply(batch, change)) {
				replies.add(new Outgoing(reply, change.context()));
			}
		}
		Collection<Reservation> after = batch.changedReservations().values();
		this.repository.saveLevels(batch.changedLevels());
		publishChange(batch.changedLevels()
			.entrySet()
			.stream()
			.filter((changed) -> changed.getValue()
				.availability() != Objects.requireNonNull(levels.get(changed.getKey())).availability())
			.map(Map.Entry::getKey)
			.toList());
		this.repository.saveReservations(after, now);
		this.repository.addLines(after.stream().filter((reservation) -> receivedLines(before, reservation)).toList());
		this.outbox.appendAll(replies);
	}

	private void publishChange(List<UUID> productIds) {
		if (!productIds.isEmpty()) {
			this.events.publishEvent(new StockChanged(this.repository.versions(productIds)));
		}
	}

	private static List<StockEvent> apply(StockBatch batch, StockChange change) {
		return switch (change.kind()) {
			case RESERVE -> batch.reserve(change.orderId(), change.lines());
			case RELEASE -> batch.release(change.orderId());
			case RETURN -> batch.returnStock(change.orderId());
			case SELL -> batch.confirm(change.orderId());
		};
	}

	private static Set<UUID> productsOf(List<StockChange> changes, Collection<Reservation> reservations) {
		Set<UUID> productIds = new HashSet<>();
		changes.forEach((change) -> change.lines().stream().map(OrderLine::productId).forEach(productIds::add));
		reservations.forEach((reservation) -> productIds.addAll(reservation.lines().keySet()));
		return productIds;
	}

	/** Whether the order received its lines in this batch. */
	private static boolean receivedLines(Map<UUID, Reservation> before, Reservation after) {
		Reservation known = before.get(after.orderId());
		return !after.lines().isEmpty() && known != null
				&& (known.status() == Status.NEW || known.status() == Status.CONFIRMED);
	}

}
