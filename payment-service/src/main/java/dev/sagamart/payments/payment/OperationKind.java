package dev.sagamart.payments.payment;

/** The kinds of calls to the payment provider. */
public enum OperationKind {

	AUTHORISE, CAPTURE, VOID, REFUND,

	/** Reads the state of the payment at the provider, and changes nothing there. */
	RETRIEVE

}
