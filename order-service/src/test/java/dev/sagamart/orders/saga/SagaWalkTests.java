package dev.sagamart.orders.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of orders among participants that are slow, repeat themselves and are heard
 * out of order, with people and deadlines interfering at any moment. Whatever happens,
 * the books are right in the end.
 */
class SagaWalkTests {

	private static final int ORDERS = 20_000;

	@ParameterizedTest
	@ValueSource(longs = { 1, 20, 300, 4_000, 50_000 })
	void booksAreRightWhateverHappens(long seed) {
		Random random = new Random(seed);
		Map<OrderState, Integer> ends = new EnumMap<>(OrderState.class);
		for (int i = 0; i < ORDERS; i++) {
			Walk walk = new Walk(random);
			walk.run();
			walk.check();
			ends.merge(walk.state, 1, Integer::sum);
		}
		assertThat(ends).as("every end is reached")
			.containsOnlyKeys(OrderState.CONFIRMED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.REJECTED,
					OrderState.CANCELLED);
	}

	/** One order and the world around it. */
	private static final class Walk {

		private static final UUID ORDER = new UUID(1, 1);

		private final Random random;

		private final List<SagaCommand> commands = new ArrayList<>(PlaceOrderSaga.BEGINNING.commands());

		private final List<SagaMessage> answers = new ArrayList<>();

		private final List<String> history = new ArrayList<>();

		private final int patience;

		private final boolean meddlers;

		private OrderState state = PlaceOrderSaga.BEGINNING.next();

		private int confirmed;

		private int ended;

		// product-service's books
		private boolean reserved;

		private boolean stockUndone;

		private boolean sold;

		// payment-service's books
		private boolean held;

		private boolean voided;

		private boolean declined;

		private int captured;

		private int captures;

		private boolean captureDeclined;

		// the shipment's
		private final boolean deliverable;

		private boolean booked;

		Walk(Random random) {
			this.random = random;
			this.patience = random.nextInt(2, 40);
			this.meddlers = random.nextInt(3) == 0;
			this.deliverable = random.nextInt(8) > 0;
		}

		void run() {
			for (int turn = 0; turn < 5_000; turn++) {
				if (this.commands.isEmpty() && this.answers.isEmpty() && !this.state.isWaiting()) {
					return;
				}
				int dice = this.random.nextInt(100);
				if (dice < 45 && !this.commands.isEmpty()) {
					// commands of one order keep their order, but may come twice
					SagaCommand command = this.commands.getFirst();
					carryOut(command);
					if (this.random.nextInt(5) > 0) {
						this.commands.removeFirst();
					}
				}
				else if (dice < 90 && !this.answers.isEmpty()) {
					int which = this.random.nextInt(this.answers.size());
					SagaMessage answer = (this.random.nextInt(5) == 0) ? this.answers.get(which)
							: this.answers.remove(which);
					tell(answer);
				}
				else if (this.state.isWaiting() && this.random.nextInt(this.patience) == 0
						|| (this.commands.isEmpty() && this.answers.isEmpty())) {
					tell(SagaMessage.of(ORDER, Trigger.DEADLINE_PASSED));
				}
				else if (this.meddlers && this.random.nextInt(8) == 0) {
					tell(SagaMessage.of(ORDER, switch (this.random.nextInt(6)) {
						case 0 -> Trigger.RETRY_REQUESTED;
						case 1 -> Trigger.COMPENSATION_REQUESTED;
						case 2 -> Trigger.PARCEL_SENT;
						case 3 -> Trigger.PARCEL_DELIVERED;
						default -> Trigger.CANCELLATION_REQUESTED;
					}));
				}
			}
			throw new AssertionError("Does not come to an end: " + this.history);
		}

		private void tell(SagaMessage message) {
			Decision decision = PlaceOrderSaga.decide(this.state, message);
			this.history.add(message.trigger() + " in " + this.state + ": " + decision);
			if (decision instanceof Decision.Step step) {
				if (this.state.status().isTerminal()) {
					assertThat(step.next()).as("an end is an end: %s", this.history).isEqualTo(this.state);
				}
				this.state = step.next();
				this.commands.addAll(step.commands());
			}
		}

		private void carryOut(SagaCommand command) {
			switch (command) {
				case RESERVE_STOCK -> reserve();
				case RELEASE_STOCK -> {
					assertThat(this.sold).as("released though sold: %s", this.history).isFalse();
					this.reserved = false;
					this.stockUndone = true;
					answer(Trigger.STOCK_RELEASED);
				}
				case RETURN_STOCK -> {
					this.reserved = false;
					this.sold = false;
					this.stockUndone = true;
					answer(Trigger.STOCK_RETURNED);
				}
				case AUTHORISE_PAYMENT -> authorise();
				case CAPTURE_PAYMENT -> capture();
				case VOID_PAYMENT -> {
					this.held = false;
					this.voided = true;
					answer(Trigger.PAYMENT_VOIDED);
				}
				case REFUND_PAYMENT -> {
					this.captured = 0;
					answer(Trigger.PAYMENT_REFUNDED);
				}
				case BOOK_SHIPMENT -> {
					this.booked = this.deliverable;
					answer(this.booked ? Trigger.SHIPMENT_BOOKED : Trigger.SHIPMENT_REFUSED);
				}
				case CANCEL_SHIPMENT -> {
					this.booked = false;
					answer(Trigger.SHIPMENT_CANCELLED);
				}
				case ANNOUNCE_CONFIRMED -> {
					this.confirmed++;
					if (!this.stockUndone) {
						this.sold = this.reserved || this.sold;
						this.reserved = false;
						answer(Trigger.STOCK_SOLD);
					}
				}
				case ANNOUNCE_REJECTED, ANNOUNCE_CANCELLED, ANNOUNCE_DELIVERED -> this.ended++;
				case ANNOUNCE_PLACED, ANNOUNCE_SHIPPED, SEND_PARCEL, DELIVER_PARCEL -> {
				}
			}
		}

		private void reserve() {
			if (this.stockUndone) {
				return;
			}
			if (this.reserved || this.random.nextInt(8) > 0) {
				this.reserved = true;
				answer(Trigger.STOCK_RESERVED);
			}
			else {
				this.stockUndone = true;
				this.answers.add(new SagaMessage(ORDER, Trigger.STOCK_REJECTED, "No.", FailureCode.OUT_OF_STOCK));
			}
		}

		private void authorise() {
			if (this.voided || this.captures > 0) {
				return;
			}
			if (this.held || !this.declined && this.random.nextInt(6) > 0) {
				this.held = true;
				answer(Trigger.PAYMENT_AUTHORISED);
			}
			else {
				this.declined = true;
				answer(Trigger.PAYMENT_DECLINED);
			}
		}

		/**
		 * The worst of providers: declines a capture, and carries it out when asked
		 * again.
		 */
		private void capture() {
			if (this.captures > 0) {
				answer(Trigger.PAYMENT_CAPTURED);
			}
			else if (this.held && (this.captureDeclined || this.random.nextInt(4) > 0)) {
				this.held = false;
				this.captures++;
				this.captured = 1;
				answer(Trigger.PAYMENT_CAPTURED);
			}
			else {
				this.captureDeclined = true;
				answer(Trigger.CAPTURE_DECLINED);
			}
		}

		private void answer(Trigger trigger) {
			this.answers.add(SagaMessage.of(ORDER, trigger));
		}

		void check() {
			boolean kept = switch (this.state) {
				case CONFIRMED, SHIPPED, DELIVERED -> true;
				case REJECTED, CANCELLED -> false;
				default -> throw new AssertionError("Did not come to an end: " + this.history);
			};
			assertThat(this.captured).as("money kept: %s", this.history).isEqualTo(kept ? 1 : 0);
			assertThat(this.held).as("hold left open: %s", this.history).isFalse();
			assertThat(this.reserved).as("reservation left open: %s", this.history).isFalse();
			assertThat(this.sold).as("goods: %s", this.history).isEqualTo(kept);
			assertThat(this.booked).as("shipment: %s", this.history).isEqualTo(kept);
			assertThat(this.captures).as("captures: %s", this.history).isLessThanOrEqualTo(1);
		}

	}

}
