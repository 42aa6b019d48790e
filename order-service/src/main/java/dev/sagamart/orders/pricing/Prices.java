package dev.sagamart.orders.pricing;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The prices of some products.
 *
 * @param quotes of those that are sold
 * @param unavailable those that are not sold (any more)
 * @param unknown those that are not in the price list while product-service does not
 * answer
 */
public record Prices(Map<UUID, Quote> quotes, Set<UUID> unavailable, Set<UUID> unknown) {

	public Prices {
		quotes = Map.copyOf(quotes);
		unavailable = Set.copyOf(unavailable);
		unknown = Set.copyOf(unknown);
	}

	/** The quote of a product that is known to be sold. */
	public Quote get(UUID productId) {
		return Objects.requireNonNull(this.quotes.get(productId), "Not sold");
	}

	public Optional<Quote> find(UUID productId) {
		return Optional.ofNullable(this.quotes.get(productId));
	}

	public Set<String> currencies() {
		return this.quotes.values().stream().map((quote) -> quote.unitPrice().currency()).collect(Collectors.toSet());
	}

}
