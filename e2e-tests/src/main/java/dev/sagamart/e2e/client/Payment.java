package dev.sagamart.e2e.client;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The payment of an order. */
public record Payment(UUID id, UUID orderId, Money amount, String status, JsonNode captured, JsonNode refunded,
		JsonNode failure, Instant createdAt) {

	public long capturedAmount() {
		return amountOf(this.captured);
	}

	public long refundedAmount() {
		return amountOf(this.refunded);
	}

	private static long amountOf(JsonNode money) {
		return money.path("amount").asLong(0);
	}

}
