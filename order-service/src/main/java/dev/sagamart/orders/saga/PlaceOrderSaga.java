package dev.sagamart.orders.saga;

import static dev.sagamart.events.FailureCode.CANCELLED_BY_CUSTOMER;
import static dev.sagamart.events.FailureCode.PAYMENT_UNAVAILABLE;
import static dev.sagamart.events.FailureCode.TIMED_OUT;
import static dev.sagamart.orders.order.OrderState.*;
import static dev.sagamart.orders.saga.SagaCommand.*;
import static dev.sagamart.orders.saga.Trigger.*;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an order gets from its acceptance to its end, as a table: stock is reserved, the
 * payment authorised, the shipment booked, the payment captured. The capture is the
 * pivot. Before it, a failure undoes what was done, one step at a time; after it the saga
 * only goes forward, and a cancellation pays back.
 * <p>
 * A step that did not answer may still have been done, so its undo is sent as well.
 * Participants answer an undo that finds nothing to undo as if it had, and keep a
 * tombstone against the do that comes after it: that is why a late answer needs no second
 * undo. Only a late capture does, for money is never kept by accident.
 * <p>
 * Every message that can meet an order has a row here, or a line that says why nothing
 * comes of it. {@code docs/saga.md} is generated from this table.
 */
final class PlaceOrderSaga {

	/** An order is accepted. */
	static final Decision.Step BEGINNING = new Decision.Step(RESERVING_STOCK, List.of(ANNOUNCE_PLACED, RESERVE_STOCK),
			null, true);

	private static final Set<OrderState> ALL = EnumSet.allOf(OrderState.class);

	private static final Set<OrderState> ONGOING = EnumSet.range(RESERVING_STOCK, CAPTURING_PAYMENT);

	private static final Set<OrderState> REJECTING = EnumSet.range(UNBOOKING_TO_REJECT, RELEASING_TO_REJECT);

	private static final Set<OrderState> CANCELLING = EnumSet.range(UNBOOKING_TO_CANCEL, RETURNING_TO_CANCEL);

	private static final Set<OrderState> OVER = EnumSet.of(CONFIRMED, SHIPPED, DELIVERED, REJECTED, CANCELLED);

	/** Time is up, or an operator lost patience. */
	private static final Set<Trigger> GIVING_UP = EnumSet.of(DEADLINE_PASSED, COMPENSATION_REQUESTED);

	/** Where there is no way but on, all of these mean: ask again. */
	private static final Set<Trigger> ASKING_AGAIN = EnumSet.of(DEADLINE_PASSED, COMPENSATION_REQUESTED,
			RETRY_REQUESTED);

	// @formatter:off
	static final List<Row> TABLE = List.of(

		// The way forward
		from(RESERVING_STOCK)    .on(STOCK_RESERVED)        .to(AUTHORISING_PAYMENT).then(AUTHORISE_PAYMENT),
		from(AUTHORISING_PAYMENT).on(PAYMENT_AUTHORISED)    .to(BOOKING_SHIPMENT)   .then(BOOK_SHIPMENT),
		from(BOOKING_SHIPMENT)   .on(SHIPMENT_BOOKED)       .to(CAPTURING_PAYMENT)  .then(CAPTURE_PAYMENT),
		from(CAPTURING_PAYMENT)  .on(PAYMENT_CAPTURED)      .to(CONFIRMED)          .then(ANNOUNCE_CONFIRMED),
		from(CONFIRMED)          .on(PARCEL_SENT)           .to(SHIPPED)            .then(SEND_PARCEL, ANNOUNCE_SHIPPED),
		from(SHIPPED)            .on(PARCEL_DELIVERED)      .to(DELIVERED)          .then(DELIVER_PARCEL, ANNOUNCE_DELIVERED),

		// A participant says no
		from(RESERVING_STOCK)    .on(STOCK_REJECTED)        .to(REJECTED)           .then(ANNOUNCE_REJECTED).asAnswered(),
		from(AUTHORISING_PAYMENT).on(PAYMENT_DECLINED)      .to(RELEASING_TO_REJECT).then(RELEASE_STOCK)    .because(FailureCode.PAYMENT_DECLINED),
		from(BOOKING_SHIPMENT)   .on(SHIPMENT_REFUSED)      .to(VOIDING_TO_REJECT)  .then(VOID_PAYMENT)     .because(FailureCode.SHIPMENT_REFUSED),
		from(CAPTURING_PAYMENT)  .on(CAPTURE_DECLINED)      .to(UNBOOKING_TO_REJECT).then(CANCEL_SHIPMENT)  .because(FailureCode.PAYMENT_DECLINED),

		// Nobody answers. A capture that was asked for is asked for again, for it cannot be taken back unseen
		from(RESERVING_STOCK)    .on(GIVING_UP)             .to(RELEASING_TO_REJECT).then(RELEASE_STOCK)    .because(TIMED_OUT),
		from(AUTHORISING_PAYMENT).on(GIVING_UP)             .to(VOIDING_TO_REJECT)  .then(VOID_PAYMENT)     .because(PAYMENT_UNAVAILABLE),
		from(BOOKING_SHIPMENT)   .on(GIVING_UP)             .to(UNBOOKING_TO_REJECT).then(CANCEL_SHIPMENT)  .because(TIMED_OUT),
		from(CAPTURING_PAYMENT)  .on(DEADLINE_PASSED)       .again(CAPTURE_PAYMENT),
		from(CAPTURING_PAYMENT)  .on(COMPENSATION_REQUESTED).to(CAPTURING_TO_CANCEL)                        .because(CANCELLED_BY_CUSTOMER),

		// Back to REJECTED
		from(UNBOOKING_TO_REJECT).on(SHIPMENT_CANCELLED)    .to(VOIDING_TO_REJECT)  .then(VOID_PAYMENT),
		from(VOIDING_TO_REJECT)  .on(PAYMENT_VOIDED)        .to(RELEASING_TO_REJECT).then(RELEASE_STOCK),
		from(VOIDING_TO_REJECT)  .on(PAYMENT_REFUNDED)      .to(RELEASING_TO_REJECT).then(RELEASE_STOCK),
		from(RELEASING_TO_REJECT).on(STOCK_RELEASED)        .to(REJECTED)           .then(ANNOUNCE_REJECTED),

		// The buyer cancels
		from(RESERVING_STOCK)    .on(CANCELLATION_REQUESTED).to(RELEASING_TO_CANCEL).then(RELEASE_STOCK)    .because(CANCELLED_BY_CUSTOMER),
		from(AUTHORISING_PAYMENT).on(CANCELLATION_REQUESTED).to(VOIDING_TO_CANCEL)  .then(VOID_PAYMENT)     .because(CANCELLED_BY_CUSTOMER),
		from(BOOKING_SHIPMENT)   .on(CANCELLATION_REQUESTED).to(UNBOOKING_TO_CANCEL).then(CANCEL_SHIPMENT)  .because(CANCELLED_BY_CUSTOMER),
		from(CAPTURING_PAYMENT)  .on(CANCELLATION_REQUESTED).to(CAPTURING_TO_CANCEL)                        .because(CANCELLED_BY_CUSTOMER),
		from(CONFIRMED)          .on(CANCELLATION_REQUESTED).to(RECALLING_TO_CANCEL).then(CANCEL_SHIPMENT)  .because(CANCELLED_BY_CUSTOMER),

		// Back to CANCELLED, unpaid
		from(UNBOOKING_TO_CANCEL).on(SHIPMENT_CANCELLED)    .to(VOIDING_TO_CANCEL)  .then(VOID_PAYMENT),
		from(VOIDING_TO_CANCEL)  .on(PAYMENT_VOIDED)        .to(RELEASING_TO_CANCEL).then(RELEASE_STOCK),
		from(VOIDING_TO_CANCEL)  .on(PAYMENT_REFUNDED)      .to(RELEASING_TO_CANCEL).then(RELEASE_STOCK),
		from(RELEASING_TO_CANCEL).on(STOCK_RELEASED)        .to(CANCELLED)          .then(ANNOUNCE_CANCELLED),

		// Back to CANCELLED, once it is known whether it is paid
		from(CAPTURING_TO_CANCEL).on(CAPTURE_DECLINED)      .to(UNBOOKING_TO_CANCEL).then(CANCEL_SHIPMENT),
		from(CAPTURING_TO_CANCEL).on(PAYMENT_CAPTURED)      .to(RECALLING_TO_CANCEL).then(CANCEL_SHIPMENT),
		from(RECALLING_TO_CANCEL).on(SHIPMENT_CANCELLED)    .to(REFUNDING_TO_CANCEL).then(REFUND_PAYMENT),
		from(REFUNDING_TO_CANCEL).on(PAYMENT_REFUNDED)      .to(RETURNING_TO_CANCEL).then(RETURN_STOCK),
		from(RETURNING_TO_CANCEL).on(STOCK_RETURNED)        .to(CANCELLED)          .then(ANNOUNCE_CANCELLED),

		// An operator asks again on the way forward
		from(RESERVING_STOCK)    .on(RETRY_REQUESTED)       .again(RESERVE_STOCK),
		from(AUTHORISING_PAYMENT).on(RETRY_REQUESTED)       .again(AUTHORISE_PAYMENT),
		from(BOOKING_SHIPMENT)   .on(RETRY_REQUESTED)       .again(BOOK_SHIPMENT),
		from(CAPTURING_PAYMENT)  .on(RETRY_REQUESTED)       .again(CAPTURE_PAYMENT),

		// The way back is asked for until it is answered
		from(UNBOOKING_TO_REJECT).on(ASKING_AGAIN)          .again(CANCEL_SHIPMENT),
		from(VOIDING_TO_REJECT)  .on(ASKING_AGAIN)          .again(VOID_PAYMENT),
		from(RELEASING_TO_REJECT).on(ASKING_AGAIN)          .again(RELEASE_STOCK),
		from(UNBOOKING_TO_CANCEL).on(ASKING_AGAIN)          .again(CANCEL_SHIPMENT),
		from(VOIDING_TO_CANCEL)  .on(ASKING_AGAIN)          .again(VOID_PAYMENT),
		from(RELEASING_TO_CANCEL).on(ASKING_AGAIN)          .again(RELEASE_STOCK),
		from(CAPTURING_TO_CANCEL).on(ASKING_AGAIN)          .again(CAPTURE_PAYMENT),
		from(RECALLING_TO_CANCEL).on(ASKING_AGAIN)          .again(CANCEL_SHIPMENT),
		from(REFUNDING_TO_CANCEL).on(ASKING_AGAIN)          .again(REFUND_PAYMENT),
		from(RETURNING_TO_CANCEL).on(ASKING_AGAIN)          .again(RETURN_STOCK),

		// A capture that comes too late goes straight back
		from(UNBOOKING_TO_REJECT).on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(VOIDING_TO_REJECT)  .on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(RELEASING_TO_REJECT).on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(REJECTED)           .on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(UNBOOKING_TO_CANCEL).on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(VOIDING_TO_CANCEL)  .on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(RELEASING_TO_CANCEL).on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),
		from(CANCELLED)          .on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),

		// The provider refuses an undo, which payment-service asks for until it is done: an operator has to look
		from(VOIDING_TO_REJECT)  .on(PAYMENT_UNDO_DECLINED) .stays(),
		from(VOIDING_TO_CANCEL)  .on(PAYMENT_UNDO_DECLINED) .stays(),
		from(REFUNDING_TO_CANCEL).on(PAYMENT_UNDO_DECLINED) .stays(),
		from(REJECTED)           .on(PAYMENT_UNDO_DECLINED) .stays(),
		from(CANCELLED)          .on(PAYMENT_UNDO_DECLINED) .stays(),

		// The sale follows the confirmation, and is only put on record
		from(CONFIRMED)          .on(STOCK_SOLD)            .stays(),
		from(SHIPPED)            .on(STOCK_SOLD)            .stays()
	);

	/**
	 * What comes of everything that has no row above. Only what is harmless anywhere is
	 * ignored anywhere; a capture, a cancellation and time name their states, so that a
	 * new state leaves a gap that the tests find.
	 */
	static final List<Line> OTHERWISE = List.of(

		in(ALL)       .ignore("Answered before, or its release is under way",         STOCK_RESERVED, STOCK_REJECTED),
		in(ALL)       .ignore("Asked for twice",                                      STOCK_RELEASED, STOCK_RETURNED),
		in(ALL)       .ignore("A return takes back what was sold meanwhile",          STOCK_SOLD),
		in(ALL)       .ignore("Answered before, or its void is under way",            PAYMENT_AUTHORISED, PAYMENT_DECLINED),
		in(ONGOING)   .ignore("Not asked for yet",                                    PAYMENT_CAPTURED),
		in(CONFIRMED, SHIPPED, DELIVERED)
		              .ignore("Asked for twice, captured once",                       PAYMENT_CAPTURED),
		in(RECALLING_TO_CANCEL, REFUNDING_TO_CANCEL, RETURNING_TO_CANCEL)
		              .ignore("Its refund is under way",                              PAYMENT_CAPTURED),
		in(ALL)       .ignore("The capture was answered before",                      CAPTURE_DECLINED),
		in(ALL)       .ignore("Asked for twice",                                      PAYMENT_VOIDED),
		in(ALL)       .ignore("An operator's refund, or that of a late capture",      PAYMENT_REFUNDED),
		in(ALL)       .ignore("Only the refund of all that is left ends the waiting", PAYMENT_PARTLY_REFUNDED),
		in(ALL)       .ignore("The refund of a late capture is asked for again",      PAYMENT_UNDO_DECLINED),
		in(ALL)       .ignore("Answered before, or its cancellation is under way",    SHIPMENT_BOOKED, SHIPMENT_REFUSED),
		in(ALL)       .ignore("Asked for twice",                                      SHIPMENT_CANCELLED),
		in(REJECTING) .ignore("It is being rejected anyway",                          CANCELLATION_REQUESTED),
		in(CANCELLING).ignore("It is being cancelled already",                        CANCELLATION_REQUESTED),
		in(OVER)      .ignore("No deadline runs",                                     DEADLINE_PASSED),

		in(OVER)      .refuse("The order has been shipped or has ended.",             CANCELLATION_REQUESTED),
		in(OVER)      .refuse("The saga has ended.",                                  RETRY_REQUESTED, COMPENSATION_REQUESTED),
		in(ALL)       .refuse("Only a confirmed order is shipped.",                   PARCEL_SENT),
		in(ALL)       .refuse("Only a shipped order is delivered.",                   PARCEL_DELIVERED),
		in(ALL)       .refuse("An order is placed once.",                             ORDER_PLACED)
	);
	// @formatter:on

	private static final Rules RULES = rules(TABLE, OTHERWISE);

	private PlaceOrderSaga() {
	}

	/**
	 * What a message makes of a saga in that state: the same for the same arguments,
	 * always.
	 */
	static Decision decide(OrderState state, SagaMessage message) {
		return rule(state, message.trigger()).decide(message);
	}

	/** The one rule for that pair. */
	static Rule rule(OrderState state, Trigger trigger) {
		return RULES.of(state, trigger);
	}

	static Rules rules(List<Row> table, List<Line> otherwise) {
		Map<Pair, Rule> rules = new HashMap<>();
		for (Line line : otherwise) {
			line.in().forEach((state) -> line.on().forEach((trigger) -> rules.put(new Pair(state, trigger), line)));
		}
		for (Row row : table) {
			for (Trigger trigger : row.on()) {
				if (rules.put(new Pair(row.from(), trigger), row) instanceof Row) {
					throw new IllegalStateException("Two rows for " + trigger + " in " + row.from());
				}
			}
		}
		return new Rules(rules);
	}

	private static From from(OrderState state) {
		return new From(state);
	}

	private static In in(Set<OrderState> states) {
		return new In(states);
	}

	private static In in(OrderState first, OrderState... others) {
		return new In(EnumSet.of(first, others));
	}

	private record Pair(OrderState state, Trigger trigger) {
	}

	/** All rows and lines, to be looked up. */
	record Rules(Map<Pair, Rule> byPair) {

		/**
		 * The one rule for that pair.
		 * @throws IllegalStateException if the table has a gap there
		 */
		Rule of(OrderState state, Trigger trigger) {
			Rule rule = this.byPair.get(new Pair(state, trigger));
			if (rule == null) {
				throw new IllegalStateException("The saga says nothing about " + trigger + " in " + state);
			}
			return rule;
		}

	}

	/** What comes of a message in a state. */
	sealed interface Rule {

		Decision decide(SagaMessage message);

	}

	/**
	 * A row of the table.
	 *
	 * @param because why the order will not go through, where this row turns it back
	 * @param becauseAnswered whether the message itself says why
	 * @param waits whether the deadline starts anew
	 */
	record Row(OrderState from, Set<Trigger> on, OrderState to, List<SagaCommand> then, @Nullable FailureCode because,
			boolean becauseAnswered, boolean waits) implements Rule {

		@Override
		public Decision decide(SagaMessage message) {
			return new Decision.Step(this.to, this.then, this.becauseAnswered ? message.code() : this.because,
					this.waits);
		}

		Row then(SagaCommand... commands) {
			return new Row(this.from, this.on, this.to, List.of(commands), this.because, this.becauseAnswered,
					this.waits);
		}

		Row because(FailureCode code) {
			return new Row(this.from, this.on, this.to, this.then, code, false, this.waits);
		}

		Row asAnswered() {
			return new Row(this.from, this.on, this.to, this.then, null, true, this.waits);
		}

	}

	/** A reason why nothing is done about some messages, for everything without a row. */
	record Line(Set<OrderState> in, Set<Trigger> on, String why, boolean refused) implements Rule {

		@Override
		public Decision decide(SagaMessage message) {
			return this.refused ? new Decision.Refused(this.why) : new Decision.Ignored(this.why);
		}

	}

	private record From(OrderState state) {

		On on(Trigger trigger) {
			return on(EnumSet.of(trigger));
		}

		On on(Set<Trigger> triggers) {
			return new On(this.state, Collections.unmodifiableSet(triggers));
		}

	}

	private record On(OrderState from, Set<Trigger> triggers) {

		Row to(OrderState next) {
			return new Row(this.from, this.triggers, next, List.of(), null, false, true);
		}

		/** The same is asked for once more. */
		Row again(SagaCommand command) {
			return to(this.from).then(command);
		}

		/** Something is done beside the way, and the waiting goes on. */
		Row stays() {
			return new Row(this.from, this.triggers, this.from, List.of(), null, false, false);
		}

	}

	private record In(Set<OrderState> states) {

		Line ignore(String why, Trigger first, Trigger... others) {
			return new Line(this.states, EnumSet.of(first, others), why, false);
		}

		Line refuse(String why, Trigger first, Trigger... others) {
			return new Line(this.states, EnumSet.of(first, others), why, true);
		}

	}

}
