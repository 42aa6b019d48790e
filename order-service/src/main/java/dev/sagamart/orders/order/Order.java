package dev.sagamart.orders.order;

import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a buyer ordered, at the prices quoted when it was accepted, and where it stands.
 *
 * @param failure why it does not go through; known from the moment it turns back
 */
public record Order(UUID id, UUID userId, OrderState state, List<Line> lines, Money total, Address shippingAddress,
		String paymentMethod, @Nullable Failure failure, Instant createdAt, Instant updatedAt) {

	public Order {
		lines = List.copyOf(lines);
	}

	public OrderStatus status() {
		return this.state.status();
	}

	/** A product as it was called and priced when the order was accepted. */
	public record Line(UUID productId, String name, Money unitPrice, int quantity) {

		public Money total() {
			return this.unitPrice.times(this.quantity);
		}

		public OrderLine toMessage() {
			return new OrderLine(this.productId, this.quantity, this.unitPrice);
		}

	}

}
