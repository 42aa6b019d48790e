package dev.sagamart.orders.pricing;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The prices of some products.
 *
 * @param quotes of those that are sold
 * @param unknown those that are not in the price list while product-service does not
 * answer
 */
public record Prices(Map<UUID, Quote> quotes, Set<UUID> unknown) {

	public Prices {
		quotes = Map.copyOf(quotes);
		unknown = Set.copyOf(unknown);
	}

	/** Whether a product that was asked for is not sold (any more). */
	public boolean isNotSold(UUID productId) {
		return !this.quotes.containsKey(productId) && !this.unknown.contains(productId);
	}

	public Set<String> currencies() {
		return this.quotes.values().stream().map((quote) -> quote.unitPrice().currency()).collect(Collectors.toSet());
	}

}
