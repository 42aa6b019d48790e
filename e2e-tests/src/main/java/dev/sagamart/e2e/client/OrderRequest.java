package dev.sagamart.e2e.client;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The request to place an order. */
public record OrderRequest(List<Line> items, Address shippingAddress, String paymentMethod) {

	public static final String APPROVED = "pm_card_visa";

	public OrderRequest {
		items = List.copyOf(items);
	}

	public record Line(UUID productId, int quantity) {
	}

	/** An order of one product to a valid address with a card that is approved. */
	public static OrderRequest of(Product product, int quantity) {
		return of(product.id(), quantity);
	}

	public static OrderRequest of(UUID productId, int quantity) {
		return new OrderRequest(List.of(new Line(productId, quantity)), Address.usual(), APPROVED);
	}

	public OrderRequest and(Product product, int quantity) {
		List<Line> lines = new ArrayList<>(this.items);
		lines.add(new Line(product.id(), quantity));
		return new OrderRequest(lines, this.shippingAddress, this.paymentMethod);
	}

	public OrderRequest payingWith(String method) {
		return new OrderRequest(this.items, this.shippingAddress, method);
	}

	public OrderRequest to(Address address) {
		return new OrderRequest(this.items, address, this.paymentMethod);
	}

}
