package dev.sagamart.payments.payment;

/** What the provider can be asked to do. */
public enum OperationKind {

	AUTHORISE, CAPTURE, VOID, REFUND,

	/** Say how the payment stands. */
	RETRIEVE

}
