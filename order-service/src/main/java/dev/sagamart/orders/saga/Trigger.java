package dev.sagamart.orders.saga;

/**
 * Everything that can happen to a saga, and who reports it. The names are stored.
 */
public enum Trigger {

	STOCK_RESERVED(Participant.STOCK), STOCK_REJECTED(Participant.STOCK), STOCK_RELEASED(Participant.STOCK),
	STOCK_SOLD(Participant.STOCK), STOCK_RETURNED(Participant.STOCK),

	PAYMENT_AUTHORISED(Participant.PAYMENT), PAYMENT_DECLINED(Participant.PAYMENT),
	PAYMENT_CAPTURED(Participant.PAYMENT), CAPTURE_DECLINED(Participant.PAYMENT), PAYMENT_VOIDED(Participant.PAYMENT),
	PAYMENT_REFUNDED(Participant.PAYMENT), PAYMENT_PARTLY_REFUNDED(Participant.PAYMENT),
	PAYMENT_UNDO_DECLINED(Participant.PAYMENT),

	SHIPMENT_BOOKED(Participant.SHIPMENT), SHIPMENT_REFUSED(Participant.SHIPMENT),
	SHIPMENT_CANCELLED(Participant.SHIPMENT),

	ORDER_PLACED(Participant.BUYER), CANCELLATION_REQUESTED(Participant.BUYER),

	PARCEL_SENT(Participant.OPERATOR), PARCEL_DELIVERED(Participant.OPERATOR), RETRY_REQUESTED(Participant.OPERATOR),
	COMPENSATION_REQUESTED(Participant.OPERATOR),

	DEADLINE_PASSED(Participant.CLOCK);

	private final Participant sender;

	Trigger(Participant sender) {
		this.sender = sender;
	}

	Participant sender() {
		return this.sender;
	}

}
