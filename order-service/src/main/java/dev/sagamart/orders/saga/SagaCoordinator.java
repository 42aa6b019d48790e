package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.Address;
import dev.sagamart.orders.order.BuyerLimits;
import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.order.Orders;
import dev.sagamart.orders.order.Placement;
import dev.sagamart.orders.shipment.ShipmentDesk;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.outbox.Outbox;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Runs the sagas. It locks the orders, lets the table decide, and stores the result
 * together with the messages to be sent, all in one transaction. A batch takes the same
 * number of statements for one order as for many.
 */
@Component
public class SagaCoordinator {

	private static final Logger logger = LoggerFactory.getLogger(SagaCoordinator.class);

	private final Orders orders;

	private final EntityManager entities;

	private final RunningSagas running;

	private final SagaJournal journal;

	private final ShipmentDesk shipmentDesk;

	private final Outbox outbox;

	private final ApplicationEventPublisher publisher;

	private final SagaProperties properties;

	private final BuyerLimits limits;

	private final Clock clock;

	private final PersonalData personalData;

	SagaCoordinator(Orders orders, EntityManager entities, RunningSagas running, SagaJournal journal,
			ShipmentDesk shipmentDesk, Outbox outbox, ApplicationEventPublisher publisher, SagaProperties properties,
			BuyerLimits limits, Clock clock, PersonalData personalData) {
		this.orders = orders;
		this.entities = entities;
		this.running = running;
		this.journal = journal;
		this.shipmentDesk = shipmentDesk;
		this.outbox = outbox;
		this.publisher = publisher;
		this.properties = properties;
		this.limits = limits;
		this.clock = clock;
		this.personalData = personalData;
	}

	/** A message, and the context that the answers to it continue. */
	public record Incoming(SagaMessage message, MessageContext context) {
	}

	/**
	 * Stores an order and starts its saga in the caller's transaction: the order is
	 * accepted if and only if that commits. If the buyer may not place it, nothing is
	 * stored.
	 * @param lines at least one, all in one currency
	 */
	@Transactional
	public Placement place(UUID userId, List<Order.Line> lines, Address address, String paymentMethod) {
		Orders.Buyer buyer = this.limits.find(userId, this.orders);
		if (buyer.erased()) {
			return new Placement.BuyerErased();
		}
		if (buyer.tooManyOpen()) {
			return new Placement.TooManyOpen();
		}
		if (buyer.tooManyDeclines()) {
			return new Placement.TooManyDeclines();
		}
		Order order = new Order(userId, lines, address, paymentMethod, PlaceOrderSaga.BEGINNING.next(), buyer.now(),
				this.personalData);
		SagaBatch batch = newBatch();
		batch.take(PlaceOrderSaga.BEGINNING, order, SagaMessage.of(order.id(), Trigger.ORDER_PLACED),
				MessageContext.current());
		this.orders.save(order);
		store(batch);
		return new Placement.Accepted(order);
	}

	public Optional<Order> find(UUID orderId) {
		return this.orders.findById(orderId);
	}

	/**
	 * Handles messages of the participants in list order. A message about an unknown
	 * order is logged and skipped.
	 */
	@Transactional
	public void handle(List<Incoming> messages) {
		List<UUID> ids = messages.stream().map((incoming) -> incoming.message().orderId()).distinct().toList();
		List<Order> found = (ids.size() == 1) ? lock(ids.getFirst()).stream().toList()
				: this.orders.findByIdInOrderById(ids);
		Map<UUID, Order> locked = found.stream().collect(Collectors.toMap(Order::id, Function.identity()));
		SagaBatch batch = newBatch();
		for (Incoming incoming : messages) {
			Order order = locked.get(incoming.message().orderId());
			if (order != null) {
				batch.handle(order, incoming.message(), incoming.context());
			}
			else {
				logger.warn("{} is about order {}, which does not exist", incoming.message().trigger(),
						incoming.message().orderId());
			}
		}
		store(batch);
	}

	/**
	 * Handles the request of a person.
	 * @return what the saga decided; empty if there is no such order
	 */
	@Transactional
	public Optional<Decision> handle(SagaMessage message) {
		SagaBatch batch = newBatch();
		Optional<Decision> decision = lock(message.orderId())
			.map((order) -> batch.handle(order, message, MessageContext.current()));
		store(batch);
		return decision;
	}

	/**
	 * Handles the request of an operator for sagas that match a filter, oldest first.
	 * They are locked before they are compared with the filter.
	 * @param after the last one that was handled before, or {@code null}
	 */
	@Transactional
	public List<SagaOutcome> handle(Trigger trigger, SagaFilter filter, @Nullable UUID after, int limit) {
		SagaBatch batch = newBatch();
		List<SagaOutcome> outcomes = new ArrayList<>();
		for (Order order : this.orders.findByIdInOrderById(this.running.lock(filter, after, limit))) {
			OrderState state = order.state();
			Decision decision = batch.handle(order, SagaMessage.of(order.id(), trigger), MessageContext.current());
			outcomes.add(SagaOutcome.of(order.id(), state, decision));
		}
		store(batch);
		return outcomes;
	}

	/** What {@link #handle(Trigger, SagaFilter, UUID, int)} would do. */
	public List<SagaOutcome> preview(Trigger trigger, SagaFilter filter, @Nullable UUID after, int limit) {
		return this.running.list(filter, after, limit)
			.stream()
			.map((saga) -> SagaOutcome.of(saga.orderId(), saga.state(),
					PlaceOrderSaga.decide(saga.state(), SagaMessage.of(saga.orderId(), trigger))))
			.toList();
	}

	/**
	 * Handles the passed deadlines of one batch of orders.
	 * @return whether there may be more
	 */
	@Transactional
	public boolean sweep() {
		List<Order> overdue = this.orders.findOverdue(Limit.of(this.properties.sweepBatch()));
		SagaBatch batch = newBatch();
		for (Order order : overdue) {
			batch.handle(order, SagaMessage.of(order.id(), Trigger.DEADLINE_PASSED), MessageContext.current());
		}
		store(batch);
		return overdue.size() == this.properties.sweepBatch();
	}

	/** Locks one order by its id; a query would allocate 32 KB more. */
	private Optional<Order> lock(UUID id) {
		return Optional.ofNullable(this.entities.find(Order.class, id, LockModeType.PESSIMISTIC_WRITE));
	}

	private SagaBatch newBatch() {
		return new SagaBatch(this.shipmentDesk, this.properties, this.clock.instant());
	}

	/** Hibernate writes the orders themselves when the transaction commits. */
	private void store(SagaBatch batch) {
		if (batch.moves().isEmpty()) {
			return;
		}
		this.shipmentDesk.record(batch.shipments());
		this.journal.append(batch.steps());
		this.outbox.appendAll(batch.outgoing());
		this.publisher.publishEvent(new SagaMoved(batch.moves()));
	}

}
