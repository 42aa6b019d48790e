package dev.sagamart.e2e;

import dev.sagamart.local.PartName;
import java.util.List;

/** The names of the shop's parts. */
public final class Parts {

	public static final PartName PAYMENT_SIMULATOR = new PartName("payment-simulator");

	public static final PartName USER_SERVICE = new PartName("user-service");

	public static final PartName PRODUCT_SERVICE = new PartName("product-service");

	public static final PartName ORDER_SERVICE = new PartName("order-service");

	public static final PartName PAYMENT_SERVICE = new PartName("payment-service");

	public static final PartName API_GATEWAY = PartName.EDGE;

	/** The services behind the gateway. */
	public static final List<PartName> BEHIND_THE_EDGE = PartName.SERVICES.stream()
		.filter((service) -> !service.equals(API_GATEWAY))
		.toList();

	private Parts() {
	}

}
