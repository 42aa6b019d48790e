package dev.sagamart.e2e.client;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order as its owner sees it. */
public record Order(UUID id, UUID userId, String status, List<Item> items, Money total, Address shippingAddress,
		@Nullable Failure failure, Instant createdAt, Instant updatedAt) {

	/** The statuses in which no saga step is pending. */
	public static final Set<String> SETTLED = Set.of("CONFIRMED", "SHIPPED", "DELIVERED", "REJECTED", "CANCELLED");

	public Order {
		items = List.copyOf(items);
	}

	/** A line of an order with the quoted price. */
	public record Item(UUID productId, String name, Money unitPrice, int quantity, Money lineTotal) {
	}

	public record Failure(String code, String message) {
	}

	/** The failure's code, empty if there is none. */
	public String failureCode() {
		return (this.failure != null) ? this.failure.code() : "";
	}

	public boolean isSettled() {
		return SETTLED.contains(this.status);
	}

}
