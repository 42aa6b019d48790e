package dev.sagamart.orders.saga;

import static dev.sagamart.events.FailureCode.CANCELLED_BY_CUSTOMER;
import static dev.sagamart.events.FailureCode.PAYMENT_UNAVAILABLE;
import static dev.sagamart.events.FailureCode.TIMED_OUT;
import static dev.sagamart.orders.order.OrderState.*;
import static dev.sagamart.orders.saga.SagaCommand.*;
import static dev.sagamart.orders.saga.SagaTable.from;
import static dev.sagamart.orders.saga.SagaTable.in;
import static dev.sagamart.orders.saga.Trigger.*;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.saga.SagaTable.Line;
import dev.sagamart.orders.saga.SagaTable.Row;
import dev.sagamart.orders.saga.SagaTable.Rule;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
@SuppressWarnings("BadImport") // the rows read like sentences
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

	/** Nothing is held any more: a void of what was captured meanwhile is a refund. */
	private static final Set<Trigger> UNPAID = EnumSet.of(PAYMENT_VOIDED, PAYMENT_REFUNDED);

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
		from(VOIDING_TO_REJECT)  .on(UNPAID)                .to(RELEASING_TO_REJECT).then(RELEASE_STOCK),
		from(RELEASING_TO_REJECT).on(STOCK_RELEASED)        .to(REJECTED)           .then(ANNOUNCE_REJECTED),

		// The buyer cancels
		from(RESERVING_STOCK)    .on(CANCELLATION_REQUESTED).to(RELEASING_TO_CANCEL).then(RELEASE_STOCK)    .because(CANCELLED_BY_CUSTOMER),
		from(AUTHORISING_PAYMENT).on(CANCELLATION_REQUESTED).to(VOIDING_TO_CANCEL)  .then(VOID_PAYMENT)     .because(CANCELLED_BY_CUSTOMER),
		from(BOOKING_SHIPMENT)   .on(CANCELLATION_REQUESTED).to(UNBOOKING_TO_CANCEL).then(CANCEL_SHIPMENT)  .because(CANCELLED_BY_CUSTOMER),
		from(CAPTURING_PAYMENT)  .on(CANCELLATION_REQUESTED).to(CAPTURING_TO_CANCEL)                        .because(CANCELLED_BY_CUSTOMER),
		from(CONFIRMED)          .on(CANCELLATION_REQUESTED).to(RECALLING_TO_CANCEL).then(CANCEL_SHIPMENT)  .because(CANCELLED_BY_CUSTOMER),

		// Back to CANCELLED, unpaid
		from(UNBOOKING_TO_CANCEL).on(SHIPMENT_CANCELLED)    .to(VOIDING_TO_CANCEL)  .then(VOID_PAYMENT),
		from(VOIDING_TO_CANCEL)  .on(UNPAID)                .to(RELEASING_TO_CANCEL).then(RELEASE_STOCK),
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
		from(UNBOOKING_TO_REJECT, UNBOOKING_TO_CANCEL, RECALLING_TO_CANCEL)
		                         .on(ASKING_AGAIN)          .again(CANCEL_SHIPMENT),
		from(VOIDING_TO_REJECT, VOIDING_TO_CANCEL)
		                         .on(ASKING_AGAIN)          .again(VOID_PAYMENT),
		from(RELEASING_TO_REJECT, RELEASING_TO_CANCEL)
		                         .on(ASKING_AGAIN)          .again(RELEASE_STOCK),
		from(CAPTURING_TO_CANCEL).on(ASKING_AGAIN)          .again(CAPTURE_PAYMENT),
		from(REFUNDING_TO_CANCEL).on(ASKING_AGAIN)          .again(REFUND_PAYMENT),
		from(RETURNING_TO_CANCEL).on(ASKING_AGAIN)          .again(RETURN_STOCK),

		// A capture that comes too late goes straight back
		from(UNBOOKING_TO_REJECT, VOIDING_TO_REJECT, RELEASING_TO_REJECT, REJECTED,
		     UNBOOKING_TO_CANCEL, VOIDING_TO_CANCEL, RELEASING_TO_CANCEL, CANCELLED)
		                         .on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),

		// The provider refuses an undo, which payment-service asks for until it is done: an operator has to look
		from(VOIDING_TO_REJECT, VOIDING_TO_CANCEL, REFUNDING_TO_CANCEL, REJECTED, CANCELLED)
		                         .on(PAYMENT_UNDO_DECLINED) .stays(),

		// The sale follows the confirmation, and is only put on record
		from(CONFIRMED, SHIPPED) .on(STOCK_SOLD)            .stays()
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

	private static final SagaTable RULES = new SagaTable(TABLE, OTHERWISE);

	private PlaceOrderSaga() {
	}

	/**
	 * What a message makes of a saga in that state: the same for the same arguments,
	 * always.
	 */
	static Decision decide(OrderState state, SagaMessage message) {
		return rule(state, message.trigger()).decide(state, message);
	}

	/** The one rule for that message in that state. */
	static Rule rule(OrderState state, Trigger trigger) {
		return RULES.rule(state, trigger);
	}

}
