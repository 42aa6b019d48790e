package dev.sagamart.orders.saga;

import static dev.sagamart.orders.saga.SagaCommand.*;
import static dev.sagamart.orders.saga.Trigger.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.order.OrderStatus;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way that an order can go, told to the table alone. */
class SagaTests {

	@Nested
	class AnOrderThatGoesWell {

		@Test
		void isConfirmedOncePaidAndBooked() {
			anOrder().asks(ANNOUNCE_PLACED, RESERVE_STOCK)
				.hears(STOCK_RESERVED)
				.asks(AUTHORISE_PAYMENT)
				.hears(PAYMENT_AUTHORISED)
				.asks(BOOK_SHIPMENT)
				.hears(SHIPMENT_BOOKED)
				.asks(CAPTURE_PAYMENT)
				.hears(PAYMENT_CAPTURED)
				.asks(ANNOUNCE_CONFIRMED)
				.isAt(OrderState.CONFIRMED)
				.hears(STOCK_SOLD)
				.asksNothing()
				.isAt(OrderState.CONFIRMED);
		}

		@Test
		void isShippedAndDelivered() {
			aConfirmedOrder().hears(PARCEL_SENT)
				.asks(SEND_PARCEL, ANNOUNCE_SHIPPED)
				.isAt(OrderState.SHIPPED)
				.hears(PARCEL_DELIVERED)
				.asks(DELIVER_PARCEL, ANNOUNCE_DELIVERED)
				.isAt(OrderState.DELIVERED)
				.refuses(CANCELLATION_REQUESTED);
		}

	}

	@Nested
	class AnOrderThatCannotBeDone {

		@ParameterizedTest
		@CsvSource({ "OUT_OF_STOCK", "PRODUCT_UNAVAILABLE", "PRICE_CHANGED" })
		void isRejectedAtOnceIfNothingIsReserved(FailureCode code) {
			anOrder().hears(new SagaMessage(UUID.randomUUID(), STOCK_REJECTED, "No.", code))
				.asks(ANNOUNCE_REJECTED)
				.becauseOf(code)
				.isAt(OrderState.REJECTED);
		}

		@Test
		void releasesStockWhenPaymentIsDeclined() {
			anOrderIn(OrderState.AUTHORISING_PAYMENT).hears(PAYMENT_DECLINED)
				.asks(RELEASE_STOCK)
				.becauseOf(FailureCode.PAYMENT_DECLINED)
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_REJECTED)
				.isAt(OrderState.REJECTED);
		}

		@Test
		void voidsThePaymentAndReleasesStockWhenShipmentIsRefused() {
			anOrderIn(OrderState.BOOKING_SHIPMENT).hears(SHIPMENT_REFUSED)
				.asks(VOID_PAYMENT)
				.becauseOf(FailureCode.SHIPMENT_REFUSED)
				.hears(PAYMENT_VOIDED)
				.asks(RELEASE_STOCK)
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_REJECTED)
				.isAt(OrderState.REJECTED);
		}

		@Test
		void undoesEverythingWhenCaptureIsDeclined() {
			anOrderIn(OrderState.CAPTURING_PAYMENT).hears(CAPTURE_DECLINED)
				.asks(CANCEL_SHIPMENT)
				.becauseOf(FailureCode.PAYMENT_DECLINED)
				.hears(SHIPMENT_CANCELLED)
				.asks(VOID_PAYMENT)
				.hears(PAYMENT_VOIDED)
				.asks(RELEASE_STOCK)
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_REJECTED)
				.isAt(OrderState.REJECTED);
		}

	}

	@Nested
	class AnOrderThatNobodyAnswers {

		@Test
		void releasesStockThatMayHaveBeenReserved() {
			anOrder().hears(DEADLINE_PASSED)
				.asks(RELEASE_STOCK)
				.becauseOf(FailureCode.TIMED_OUT)
				.hears(STOCK_RESERVED)
				.asksNothing()
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_REJECTED)
				.isAt(OrderState.REJECTED);
		}

		@Test
		void voidsAPaymentThatMayHaveBeenAuthorised() {
			anOrderIn(OrderState.AUTHORISING_PAYMENT).hears(DEADLINE_PASSED)
				.asks(VOID_PAYMENT)
				.becauseOf(FailureCode.PAYMENT_UNAVAILABLE)
				.hears(PAYMENT_AUTHORISED)
				.asksNothing()
				.hears(PAYMENT_VOIDED)
				.asks(RELEASE_STOCK)
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_REJECTED)
				.isAt(OrderState.REJECTED);
		}

		@Test
		void cancelsAShipmentThatMayHaveBeenBooked() {
			anOrderIn(OrderState.BOOKING_SHIPMENT).hears(DEADLINE_PASSED)
				.asks(CANCEL_SHIPMENT)
				.becauseOf(FailureCode.TIMED_OUT)
				.hears(SHIPMENT_BOOKED)
				.asksNothing()
				.hears(SHIPMENT_CANCELLED)
				.asks(VOID_PAYMENT)
				.isAt(OrderState.VOIDING_TO_REJECT);
		}

		@Test
		void asksForACaptureUntilItIsAnswered() {
			anOrderIn(OrderState.CAPTURING_PAYMENT).hears(DEADLINE_PASSED)
				.asks(CAPTURE_PAYMENT)
				.hears(DEADLINE_PASSED)
				.asks(CAPTURE_PAYMENT)
				.isAt(OrderState.CAPTURING_PAYMENT)
				.hears(PAYMENT_CAPTURED)
				.asks(ANNOUNCE_CONFIRMED)
				.hears(PAYMENT_CAPTURED)
				.asksNothing()
				.isAt(OrderState.CONFIRMED);
		}

		@ParameterizedTest
		@CsvSource({ "UNBOOKING_TO_REJECT, CANCEL_SHIPMENT", "VOIDING_TO_REJECT, VOID_PAYMENT",
				"RELEASING_TO_REJECT, RELEASE_STOCK", "UNBOOKING_TO_CANCEL, CANCEL_SHIPMENT",
				"VOIDING_TO_CANCEL, VOID_PAYMENT", "RELEASING_TO_CANCEL, RELEASE_STOCK",
				"CAPTURING_TO_CANCEL, CAPTURE_PAYMENT", "RECALLING_TO_CANCEL, CANCEL_SHIPMENT",
				"REFUNDING_TO_CANCEL, REFUND_PAYMENT", "RETURNING_TO_CANCEL, RETURN_STOCK" })
		void asksForACompensationUntilItIsAnswered(OrderState state, SagaCommand command) {
			for (Trigger trigger : Set.of(DEADLINE_PASSED, RETRY_REQUESTED, COMPENSATION_REQUESTED)) {
				anOrderIn(state).hears(trigger).asks(command).isAt(state);
			}
		}

	}

	@Nested
	class AnOrderThatIsNoLongerWanted {

		@Test
		void isCancelledWhileStockIsReserved() {
			anOrder().hears(CANCELLATION_REQUESTED)
				.asks(RELEASE_STOCK)
				.becauseOf(FailureCode.CANCELLED_BY_CUSTOMER)
				.hears(STOCK_REJECTED)
				.asksNothing()
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_CANCELLED)
				.isAt(OrderState.CANCELLED);
		}

		@Test
		void isCancelledWhilePaymentIsAuthorised() {
			anOrderIn(OrderState.AUTHORISING_PAYMENT).hears(CANCELLATION_REQUESTED)
				.asks(VOID_PAYMENT)
				.hears(PAYMENT_VOIDED)
				.asks(RELEASE_STOCK)
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_CANCELLED)
				.isAt(OrderState.CANCELLED);
		}

		@Test
		void isCancelledWhileShipmentIsBooked() {
			anOrderIn(OrderState.BOOKING_SHIPMENT).hears(CANCELLATION_REQUESTED)
				.asks(CANCEL_SHIPMENT)
				.hears(SHIPMENT_CANCELLED)
				.asks(VOID_PAYMENT)
				.isAt(OrderState.VOIDING_TO_CANCEL);
		}

		@Test
		void waitsForACaptureAndThenPaysBack() {
			anOrderIn(OrderState.CAPTURING_PAYMENT).hears(CANCELLATION_REQUESTED)
				.asksNothing()
				.becauseOf(FailureCode.CANCELLED_BY_CUSTOMER)
				.hears(PAYMENT_CAPTURED)
				.asks(CANCEL_SHIPMENT)
				.hears(SHIPMENT_CANCELLED)
				.asks(REFUND_PAYMENT)
				.hears(PAYMENT_REFUNDED)
				.asks(RETURN_STOCK)
				.hears(STOCK_RETURNED)
				.asks(ANNOUNCE_CANCELLED)
				.isAt(OrderState.CANCELLED);
		}

		@Test
		void needsNoRefundIfTheCaptureIsDeclined() {
			anOrderIn(OrderState.CAPTURING_TO_CANCEL).hears(CAPTURE_DECLINED)
				.asks(CANCEL_SHIPMENT)
				.hears(SHIPMENT_CANCELLED)
				.asks(VOID_PAYMENT)
				.hears(PAYMENT_VOIDED)
				.asks(RELEASE_STOCK)
				.hears(STOCK_RELEASED)
				.asks(ANNOUNCE_CANCELLED)
				.isAt(OrderState.CANCELLED);
		}

		@Test
		void isPaidBackIfItWasConfirmed() {
			aConfirmedOrder().hears(CANCELLATION_REQUESTED)
				.asks(CANCEL_SHIPMENT)
				.becauseOf(FailureCode.CANCELLED_BY_CUSTOMER)
				.hears(SHIPMENT_CANCELLED)
				.asks(REFUND_PAYMENT)
				.hears(PAYMENT_PARTLY_REFUNDED)
				.asksNothing()
				.hears(PAYMENT_REFUNDED)
				.asks(RETURN_STOCK)
				.hears(STOCK_RETURNED)
				.asks(ANNOUNCE_CANCELLED)
				.isAt(OrderState.CANCELLED);
		}

		@ParameterizedTest
		@EnumSource
		void isCancelledOnceHoweverOftenItIsAskedFor(OrderState state) {
			if (state.status() == OrderStatus.CANCELLING) {
				anOrderIn(state).hears(CANCELLATION_REQUESTED).asksNothing().isAt(state);
			}
			else if (state.status().isTerminal() || state == OrderState.SHIPPED) {
				anOrderIn(state).refuses(CANCELLATION_REQUESTED);
			}
		}

	}

	@Nested
	class AProviderWhereOthersMoveMoneyToo {

		@ParameterizedTest
		@CsvSource({ "VOIDING_TO_REJECT, REJECTED", "VOIDING_TO_CANCEL, CANCELLED" })
		void givesBackWhatWasCapturedThereWhileTheOrderTurnsBack(OrderState voiding, OrderState end) {
			anOrderIn(voiding).hears(PAYMENT_CAPTURED)
				.asks(REFUND_PAYMENT)
				.isAt(voiding)
				.hears(PAYMENT_REFUNDED)
				.asks(RELEASE_STOCK)
				.hears(PAYMENT_VOIDED)
				.asksNothing()
				.hears(STOCK_RELEASED)
				.isAt(end);
		}

		@Test
		void endsTheWaitingOfACancellationThatWasRefundedThere() {
			anOrderIn(OrderState.REFUNDING_TO_CANCEL).hears(PAYMENT_REFUNDED)
				.asks(RETURN_STOCK)
				.isAt(OrderState.RETURNING_TO_CANCEL);
		}

		@ParameterizedTest
		@EnumSource(
				names = { "VOIDING_TO_REJECT", "VOIDING_TO_CANCEL", "REFUNDING_TO_CANCEL", "REJECTED", "CANCELLED" })
		void leavesARefusedUndoToAnOperatorButNotesIt(OrderState state) {
			anOrderIn(state).hears(PAYMENT_UNDO_DECLINED).asks().isAt(state);
		}

	}

	@Nested
	class AnOperator {

		@Test
		void asksAgainOnTheWayForward() {
			anOrder().hears(RETRY_REQUESTED).asks(RESERVE_STOCK).isAt(OrderState.RESERVING_STOCK);
			anOrderIn(OrderState.AUTHORISING_PAYMENT).hears(RETRY_REQUESTED).asks(AUTHORISE_PAYMENT);
			anOrderIn(OrderState.BOOKING_SHIPMENT).hears(RETRY_REQUESTED).asks(BOOK_SHIPMENT);
			anOrderIn(OrderState.CAPTURING_PAYMENT).hears(RETRY_REQUESTED).asks(CAPTURE_PAYMENT);
		}

		@Test
		void turnsBackBeforeThePivot() {
			anOrder().hears(COMPENSATION_REQUESTED).asks(RELEASE_STOCK).becauseOf(FailureCode.TIMED_OUT);
			anOrderIn(OrderState.CAPTURING_PAYMENT).hears(COMPENSATION_REQUESTED)
				.asksNothing()
				.isAt(OrderState.CAPTURING_TO_CANCEL);
		}

		@Test
		void cannotMoveWhatHasEnded() {
			for (OrderState state : OrderState.values()) {
				if (!state.isWaiting()) {
					anOrderIn(state).refuses(RETRY_REQUESTED).refuses(COMPENSATION_REQUESTED);
				}
			}
		}

	}

	@Nested
	class TheTable {

		@TestFactory
		List<DynamicTest> hasARuleForEveryMessageInEveryState() {
			SagaTable table = new SagaTable(PlaceOrderSaga.TABLE, PlaceOrderSaga.OTHERWISE);
			return Arrays.stream(OrderState.values())
				.flatMap((state) -> Arrays.stream(Trigger.values())
					.map((trigger) -> DynamicTest.dynamicTest(trigger + " in " + state,
							() -> assertThat(table.rule(state, trigger))
								.isEqualTo(PlaceOrderSaga.rule(state, trigger)))))
				.toList();
		}

		@Test
		void saysNothingTwice() {
			for (OrderState state : OrderState.values()) {
				for (Trigger trigger : Trigger.values()) {
					assertThat(PlaceOrderSaga.TABLE)
						.filteredOn((row) -> row.from().contains(state) && row.on().contains(trigger))
						.as("rows for %s in %s", trigger, state)
						.hasSizeLessThanOrEqualTo(1);
					assertThat(PlaceOrderSaga.OTHERWISE)
						.filteredOn((line) -> line.in().contains(state) && line.on().contains(trigger))
						.as("lines for %s in %s", trigger, state)
						.hasSizeLessThanOrEqualTo(1);
				}
			}
		}

		/** A gap is an error, not something that is ignored. */
		@Test
		void knowsNoPairThatItDoesNotName() {
			SagaTable gaps = new SagaTable(PlaceOrderSaga.TABLE, List.of());
			assertThatIllegalStateException().isThrownBy(() -> gaps.rule(OrderState.CONFIRMED, DEADLINE_PASSED));
			assertThat(new SagaTable(List.of(), PlaceOrderSaga.OTHERWISE).rule(OrderState.CONFIRMED, DEADLINE_PASSED))
				.isInstanceOf(SagaTable.Line.class);
			SagaTable.Row row = PlaceOrderSaga.TABLE.getFirst();
			assertThatIllegalStateException().isThrownBy(() -> new SagaTable(List.of(row, row), List.of()))
				.withMessageContaining("Two rows");
		}

		@Test
		void leadsEveryStateToAnEnd() {
			for (OrderState state : OrderState.values()) {
				Set<OrderState> reached = EnumSet.of(state);
				boolean more = true;
				while (more) {
					more = PlaceOrderSaga.TABLE.stream()
						.filter((row) -> row.to() != null && row.from().stream().anyMatch(reached::contains))
						.map((row) -> reached.add(row.to()))
						.reduce(false, Boolean::logicalOr);
				}
				assertThat(reached).as("reached from %s", state).anyMatch((end) -> end.status().isTerminal());
			}
		}

		@Test
		void neverTakesTheStatusBack() {
			assertThat(PlaceOrderSaga.TABLE).allSatisfy((row) -> row.from()
				.forEach((state) -> assertThat(row.next(state).status()).isIn(following(state.status()))));
		}

		private static Set<OrderStatus> following(OrderStatus status) {
			return switch (status) {
				case PENDING -> EnumSet.of(OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.REJECTED,
						OrderStatus.CANCELLING);
				case CONFIRMED -> EnumSet.of(OrderStatus.CONFIRMED, OrderStatus.SHIPPED, OrderStatus.CANCELLING);
				case SHIPPED -> EnumSet.of(OrderStatus.SHIPPED, OrderStatus.DELIVERED);
				case CANCELLING -> EnumSet.of(OrderStatus.CANCELLING, OrderStatus.CANCELLED);
				case DELIVERED, REJECTED, CANCELLED -> EnumSet.of(status);
			};
		}

		@Test
		void hasADeadlineRowWhereverADeadlineRuns() {
			for (OrderState state : OrderState.values()) {
				assertThat(PlaceOrderSaga.rule(state, DEADLINE_PASSED) instanceof SagaTable.Row).as("%s", state)
					.isEqualTo(state.isWaiting());
			}
		}

		@Test
		void saysWhyWheneverItTurnsBack() {
			assertThat(PlaceOrderSaga.TABLE).filteredOn(TheTable::turnsBack)
				.isNotEmpty()
				.allMatch((row) -> row.because() != null || row.becauseAnswered());
		}

		private static boolean turnsBack(SagaTable.Row row) {
			return row.from()
				.stream()
				.anyMatch((state) -> state.ordinal() <= OrderState.DELIVERED.ordinal()
						&& row.next(state).ordinal() > OrderState.DELIVERED.ordinal());
		}

		/**
		 * Money that arrives where none is expected goes back, whatever the order went
		 * through.
		 */
		@ParameterizedTest
		@EnumSource(names = { "UNBOOKING_TO_REJECT", "RELEASING_TO_REJECT", "REJECTED", "UNBOOKING_TO_CANCEL",
				"RELEASING_TO_CANCEL", "CANCELLED" })
		void refundsALateCapture(OrderState state) {
			anOrderIn(state).hears(PAYMENT_CAPTURED)
				.asks(REFUND_PAYMENT)
				.isAt(state)
				.hears(PAYMENT_REFUNDED)
				.asksNothing()
				.isAt(state);
		}

		@Test
		void takesNoNoticeOfAnOperatorsPartialRefund() {
			for (OrderState state : OrderState.values()) {
				anOrderIn(state).hears(PAYMENT_PARTLY_REFUNDED).asksNothing().isAt(state);
			}
		}

	}

	private static Story anOrder() {
		return new Story(PlaceOrderSaga.BEGINNING.next(), PlaceOrderSaga.BEGINNING);
	}

	private static Story anOrderIn(OrderState state) {
		return new Story(state, new Decision.Ignored("Nothing was said yet"));
	}

	private static Story aConfirmedOrder() {
		return anOrder().hears(STOCK_RESERVED).hears(PAYMENT_AUTHORISED).hears(SHIPMENT_BOOKED).hears(PAYMENT_CAPTURED);
	}

	/** An order, told as a sequence of what it hears and what it asks for. */
	private record Story(OrderState state, Decision last) {

		Story hears(Trigger trigger) {
			return hears(SagaMessage.of(UUID.randomUUID(), trigger));
		}

		Story hears(SagaMessage message) {
			Decision decision = PlaceOrderSaga.decide(this.state, message);
			return new Story((decision instanceof Decision.Step step) ? step.next() : this.state, decision);
		}

		Story asks(SagaCommand... commands) {
			assertThat(this.last).isInstanceOfSatisfying(Decision.Step.class,
					(step) -> assertThat(step.commands()).containsExactly(commands));
			return this;
		}

		Story asksNothing() {
			assertThat((this.last instanceof Decision.Step step) ? step.commands() : List.of()).isEmpty();
			assertThat(this.last).isNotInstanceOf(Decision.Refused.class);
			return this;
		}

		Story becauseOf(FailureCode code) {
			assertThat(this.last).isInstanceOfSatisfying(Decision.Step.class,
					(step) -> assertThat(step.because()).isEqualTo(code));
			return this;
		}

		Story refuses(Trigger trigger) {
			assertThat(hears(trigger).last).isInstanceOf(Decision.Refused.class);
			return this;
		}

		Story isAt(OrderState expected) {
			assertThat(this.state).isEqualTo(expected);
			return this;
		}

	}

}
