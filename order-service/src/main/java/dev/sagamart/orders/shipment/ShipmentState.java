package dev.sagamart.orders.shipment;

/** The state of a shipment. The names are stored. */
public enum ShipmentState {

	BOOKED, CANCELLED, SENT, DELIVERED

}
