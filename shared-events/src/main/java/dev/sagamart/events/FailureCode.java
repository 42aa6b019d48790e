package dev.sagamart.events;

/**
 * Why an order was rejected or cancelled. The names are part of the public HTTP contract.
 */
public enum FailureCode {

	OUT_OF_STOCK, PRODUCT_UNAVAILABLE, PRICE_CHANGED, PAYMENT_DECLINED, PAYMENT_UNAVAILABLE, SHIPMENT_REFUSED,
	TIMED_OUT, CANCELLED_BY_CUSTOMER

}
