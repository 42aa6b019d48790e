package dev.sagamart.orders.order;

import dev.sagamart.events.Money;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of an order that its saga moves, held under the lock of its row. Nothing is
 * stored before {@link Orders#save}.
 */
public final class OrderProgress {

	private final UUID id;

	private final UUID userId;

	private final Money total;

	private final String paymentMethod;

	private final @Nullable String postalCode;

	private final Duration age;

	private OrderState state;

	private @Nullable Failure failure;

	private int attempts;

	private int steps;

	private int events;

	private @Nullable Duration newDeadline;

	private boolean deadlineKept = true;

	OrderProgress(UUID id, UUID userId, Money total, String paymentMethod, @Nullable String postalCode, Duration age,
			OrderState state, @Nullable Failure failure, int attempts, int steps, int events) {
		this.id = id;
		this.userId = userId;
		this.total = total;
		this.paymentMethod = paymentMethod;
		this.postalCode = postalCode;
		this.age = age;
		this.state = state;
		this.failure = failure;
		this.attempts = attempts;
		this.steps = steps;
		this.events = events;
	}

	/** The progress of an order that nothing has happened to yet. */
	public static OrderProgress of(NewOrder order, OrderState first) {
		return new OrderProgress(order.id(), order.userId(), order.total(), order.paymentMethod(),
				order.shippingAddress().postalCode(), Duration.ZERO, first, null, 0, 0, 0);
	}

	/** Turns to a state, or to the same one once more. */
	public void moveTo(OrderState next) {
		this.attempts = (next == this.state) ? this.attempts + 1 : 1;
		this.state = next;
	}

	/** Gives the state that long to be left, by the clock of the database. */
	public void waitAtMost(@Nullable Duration duration) {
		this.newDeadline = duration;
		this.deadlineKept = false;
	}

	/** Remembers why the order does not go through. The first reason is the one. */
	public void failBecauseOf(Failure reason) {
		if (this.failure == null) {
			this.failure = reason;
		}
	}

	/** The number of the order's next journal entry, from 1 and without a gap. */
	public int nextStep() {
		return ++this.steps;
	}

	/** The number of the order's next event, from 1 and without a gap. */
	public int nextEvent() {
		return ++this.events;
	}

	public UUID id() {
		return this.id;
	}

	public UUID userId() {
		return this.userId;
	}

	public Money total() {
		return this.total;
	}

	public String paymentMethod() {
		return this.paymentMethod;
	}

	/** Where the parcel goes; {@code null} in countries without postal codes. */
	public @Nullable String postalCode() {
		return this.postalCode;
	}

	/** How long ago the order was accepted, by the clock of the database. */
	public Duration age() {
		return this.age;
	}

	public OrderState state() {
		return this.state;
	}

	public @Nullable Failure failure() {
		return this.failure;
	}

	/** How often the current state's command has been sent. */
	public int attempts() {
		return this.attempts;
	}

	int steps() {
		return this.steps;
	}

	int events() {
		return this.events;
	}

	/**
	 * Seconds until the new deadline; {@code null} for none, negative to keep the old
	 * one.
	 */
	@Nullable Double secondsToWait() {
		if (this.deadlineKept) {
			return -1.0;
		}
		return (this.newDeadline != null) ? this.newDeadline.toMillis() / 1000.0 : null;
	}

}
