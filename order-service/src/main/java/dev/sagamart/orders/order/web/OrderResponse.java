package dev.sagamart.orders.order.web;

import dev.sagamart.events.Money;
import dev.sagamart.orders.order.Address;
import dev.sagamart.orders.order.Failure;
import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.OrderStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order as the API shows it. */
public record OrderResponse(UUID id, UUID userId, OrderStatus status, List<Item> items, Money total,
		Address shippingAddress, @Nullable Failure failure, Instant createdAt, Instant updatedAt) {

	public static OrderResponse from(Order order) {
		return new OrderResponse(order.id(), order.userId(), order.status(),
				order.lines().stream().map(Item::from).toList(), order.total(), order.shippingAddress(),
				order.failure(), order.createdAt(), order.updatedAt());
	}

	record Item(UUID productId, String name, Money unitPrice, int quantity, Money lineTotal) {

		static Item from(Order.Line line) {
			return new Item(line.productId(), line.name(), line.unitPrice(), line.quantity(), line.total());
		}

	}

}
