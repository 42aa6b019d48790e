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
 * The saga of an order as a table. Stock is reserved, the payment is authorised, the
 * shipment is booked, and the payment is captured. The capture is the pivot: before it, a
 * failure undoes what was done, one step at a time; after it, the saga only goes forward,
 * and a cancellation refunds the payment.
 * <p>
 * A participant that did not answer may still have done its step, so its compensation is
 * sent as well. A participant that finds nothing to undo answers as if it had undone
 * something, and keeps a tombstone, so that the step cannot be done afterwards. Therefore
 * a late answer needs no second compensation. A late capture is the exception: the money
 * is refunded.
 * <p>
 * For every message in every state there is a row here, or a line that says why the
 * message is ignored or refused. {@code docs/saga.md} is generated from this table.
 */
@SuppressWarnings("BadImport") // the rows read like sentences
final class PlaceOrderSaga {

	/** The first step, taken when an order is accepted. */
	static final Decision.Step BEGINNING = new Decision.Step(RESERVING_STOCK, List.of(ANNOUNCE_PLACED, RESERVE_STOCK),
			null, true);

	private static final Set<OrderState> ALL = EnumSet.allOf(OrderState.class);

	private static final Set<OrderState> ONGOING = EnumSet.range(RESERVING_STOCK, CAPTURING_PAYMENT);

	private static final Set<OrderState> REJECTING = EnumSet.range(UNBOOKING_TO_REJECT, RELEASING_TO_REJECT);

	private static final Set<OrderState> CANCELLING = EnumSet.range(UNBOOKING_TO_CANCEL, RETURNING_TO_CANCEL);

	private static final Set<OrderState> OVER = EnumSet.of(CONFIRMED, SHIPPED, DELIVERED, REJECTED, CANCELLED);

	/** The deadline has passed, or an operator asks for compensation. */
	private static final Set<Trigger> ABORT = EnumSet.of(DEADLINE_PASSED, COMPENSATION_REQUESTED);

	/** In states that can only go forward, all of these send the command again. */
	private static final Set<Trigger> ASKING_AGAIN = EnumSet.of(DEADLINE_PASSED, COMPENSATION_REQUESTED,
			RETRY_REQUESTED);

	/** The buyer has paid nothing: a payment that was captured meanwhile is refunded. */
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

		// No answer in time. A capture is sent again: whether it happened must be known before it can be refunded
		from(RESERVING_STOCK)    .on(ABORT)                 .to(RELEASING_TO_REJECT).then(RELEASE_STOCK)    .because(TIMED_OUT),
		from(AUTHORISING_PAYMENT).on(ABORT)                 .to(VOIDING_TO_REJECT)  .then(VOID_PAYMENT)     .because(PAYMENT_UNAVAILABLE),
		from(BOOKING_SHIPMENT)   .on(ABORT)                 .to(UNBOOKING_TO_REJECT).then(CANCEL_SHIPMENT)  .because(TIMED_OUT),
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

		// Back to CANCELLED, once it is known whether the payment was captured
		from(CAPTURING_TO_CANCEL).on(CAPTURE_DECLINED)      .to(UNBOOKING_TO_CANCEL).then(CANCEL_SHIPMENT),
		from(CAPTURING_TO_CANCEL).on(PAYMENT_CAPTURED)      .to(RECALLING_TO_CANCEL).then(CANCEL_SHIPMENT),
		from(RECALLING_TO_CANCEL).on(SHIPMENT_CANCELLED)    .to(REFUNDING_TO_CANCEL).then(REFUND_PAYMENT),
		from(REFUNDING_TO_CANCEL).on(PAYMENT_REFUNDED)      .to(RETURNING_TO_CANCEL).then(RETURN_STOCK),
		from(RETURNING_TO_CANCEL).on(STOCK_RETURNED)        .to(CANCELLED)          .then(ANNOUNCE_CANCELLED),

		// An operator repeats a step on the way forward
		from(RESERVING_STOCK)    .on(RETRY_REQUESTED)       .again(RESERVE_STOCK),
		from(AUTHORISING_PAYMENT).on(RETRY_REQUESTED)       .again(AUTHORISE_PAYMENT),
		from(BOOKING_SHIPMENT)   .on(RETRY_REQUESTED)       .again(BOOK_SHIPMENT),
		from(CAPTURING_PAYMENT)  .on(RETRY_REQUESTED)       .again(CAPTURE_PAYMENT),

		// A compensation is sent again until it is answered
		from(UNBOOKING_TO_REJECT, UNBOOKING_TO_CANCEL, RECALLING_TO_CANCEL)
		                         .on(ASKING_AGAIN)          .again(CANCEL_SHIPMENT),
		from(VOIDING_TO_REJECT, VOIDING_TO_CANCEL)
		                         .on(ASKING_AGAIN)          .again(VOID_PAYMENT),
		from(RELEASING_TO_REJECT, RELEASING_TO_CANCEL)
		                         .on(ASKING_AGAIN)          .again(RELEASE_STOCK),
		from(CAPTURING_TO_CANCEL).on(ASKING_AGAIN)          .again(CAPTURE_PAYMENT),
		from(REFUNDING_TO_CANCEL).on(ASKING_AGAIN)          .again(REFUND_PAYMENT),
		from(RETURNING_TO_CANCEL).on(ASKING_AGAIN)          .again(RETURN_STOCK),

		// A late capture is refunded
		from(UNBOOKING_TO_REJECT, VOIDING_TO_REJECT, RELEASING_TO_REJECT, REJECTED,
		     UNBOOKING_TO_CANCEL, VOIDING_TO_CANCEL, RELEASING_TO_CANCEL, CANCELLED)
		                         .on(PAYMENT_CAPTURED)      .stays().then(REFUND_PAYMENT),

		// The provider refuses a void or a refund. payment-service goes on asking; an operator has to look at it
		from(VOIDING_TO_REJECT, VOIDING_TO_CANCEL, REFUNDING_TO_CANCEL, REJECTED, CANCELLED)
		                         .on(PAYMENT_UNDO_DECLINED) .stays(),

		// The sale follows the confirmation and is only recorded
		from(CONFIRMED, SHIPPED) .on(STOCK_SOLD)            .stays()
	);

	/**
	 * Messages without a row above. A message that is harmless in every state is ignored
	 * in every state. A capture, a cancellation and a deadline name their states, so that
	 * a new state leaves a gap, which the tests find.
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
	 * Decides what a message does to a saga in a state. The result depends on nothing
	 * else.
	 */
	static Decision decide(OrderState state, SagaMessage message) {
		return rule(state, message.trigger()).decide(state, message);
	}

	/** The only rule for a message in a state. */
	static Rule rule(OrderState state, Trigger trigger) {
		return RULES.rule(state, trigger);
	}

}
