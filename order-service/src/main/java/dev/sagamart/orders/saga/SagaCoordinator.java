package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.Acceptance;
import dev.sagamart.orders.order.Acceptance.Accepted;
import dev.sagamart.orders.order.NewOrder;
import dev.sagamart.orders.order.OrderProcess;
import dev.sagamart.orders.order.OrderProgress;
import dev.sagamart.orders.order.Orders;
import dev.sagamart.orders.shipment.ShipmentDesk;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.Outbox;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Runs sagas: locks their orders, has the table decide, and stores what comes of it
 * together with the messages to be sent, all in one transaction. A batch takes the same
 * handful of statements however many orders it is about.
 */
@Component
public class SagaCoordinator implements OrderProcess {

	private static final Logger log = LoggerFactory.getLogger(SagaCoordinator.class);

	private final Orders orders;

	private final SagaJournal journal;

	private final ShipmentDesk shipmentDesk;

	private final Outbox outbox;

	private final ApplicationEventPublisher publisher;

	private final SagaProperties properties;

	private final Clock clock;

	SagaCoordinator(Orders orders, SagaJournal journal, ShipmentDesk shipmentDesk, Outbox outbox,
			ApplicationEventPublisher publisher, SagaProperties properties, Clock clock) {
		this.orders = orders;
		this.journal = journal;
		this.shipmentDesk = shipmentDesk;
		this.outbox = outbox;
		this.publisher = publisher;
		this.properties = properties;
		this.clock = clock;
	}

	/** A message, and the context that what comes of it continues. */
	public record Incoming(SagaMessage message, MessageContext context) {
	}

	@Override
	@Transactional
	public Acceptance begin(NewOrder order) {
		OrderProgress progress = OrderProgress.of(order, PlaceOrderSaga.BEGINNING.next());
		SagaBatch batch = new SagaBatch(this.shipmentDesk, this.properties, (_) -> order.lines(), this.clock.instant());
		batch.take(PlaceOrderSaga.BEGINNING, progress, SagaMessage.of(order.id(), Trigger.ORDER_PLACED),
				MessageContext.current());
		Acceptance acceptance = this.orders.insert(order, progress);
		if (acceptance instanceof Accepted) {
			store(batch);
		}
		return acceptance;
	}

	/**
	 * Handles what the participants tell, in list order. What is about no order of ours
	 * is passed over.
	 */
	@Transactional
	public void handle(List<Incoming> messages) {
		List<UUID> ids = messages.stream().map((incoming) -> incoming.message().orderId()).distinct().toList();
		Map<UUID, OrderProgress> locked = this.orders.lock(ids)
			.stream()
			.collect(Collectors.toMap(OrderProgress::id, Function.identity()));
		SagaBatch batch = newBatch();
		for (Incoming incoming : messages) {
			OrderProgress order = locked.get(incoming.message().orderId());
			if (order != null) {
				batch.handle(order, incoming.message(), incoming.context());
			}
			else {
				log.warn("{} is about order {}, which does not exist", incoming.message().trigger(),
						incoming.message().orderId());
			}
		}
		save(batch);
	}

	/**
	 * Handles what a person asks for, and says what came of it; empty without the order.
	 */
	@Transactional
	public Optional<Decision> handle(SagaMessage message) {
		SagaBatch batch = newBatch();
		Optional<Decision> decision = this.orders.lock(List.of(message.orderId()))
			.stream()
			.findFirst()
			.map((order) -> batch.handle(order, message, MessageContext.current()));
		save(batch);
		return decision;
	}

	/**
	 * Tells the sagas whose deadline has passed, up to a batch of them.
	 * @return whether there may be more
	 */
	@Transactional
	public boolean sweep() {
		List<OrderProgress> overdue = this.orders.lockOverdue(this.properties.sweepBatch());
		SagaBatch batch = newBatch();
		for (OrderProgress order : overdue) {
			batch.handle(order, SagaMessage.of(order.id(), Trigger.DEADLINE_PASSED), MessageContext.current());
		}
		save(batch);
		return overdue.size() == this.properties.sweepBatch();
	}

	private SagaBatch newBatch() {
		return new SagaBatch(this.shipmentDesk, this.properties, this.orders::linesOf, this.clock.instant());
	}

	private void save(SagaBatch batch) {
		if (!batch.moved().isEmpty()) {
			this.orders.save(batch.moved());
			store(batch);
		}
	}

	private void store(SagaBatch batch) {
		this.shipmentDesk.record(batch.shipments());
		this.journal.append(batch.steps());
		this.outbox.appendAll(batch.outgoing());
		this.publisher.publishEvent(new SagaMoved(batch.moves()));
	}

}
