package dev.sagamart.orders.shipment;

/** Where a shipment stands. The names are stored. */
public enum ShipmentState {

	BOOKED, CANCELLED, SENT, DELIVERED

}
