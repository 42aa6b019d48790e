package dev.sagamart.orders.saga;

/** Who takes part in a saga, and the service where that happens. */
enum Participant {

	STOCK("product-service"), PAYMENT("payment-service"), SHIPMENT("order-service"), BUYER("order-service"),
	OPERATOR("order-service"), CLOCK("order-service");

	private final String service;

	Participant(String service) {
		this.service = service;
	}

	String service() {
		return this.service;
	}

}
