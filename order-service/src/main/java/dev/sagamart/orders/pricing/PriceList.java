package dev.sagamart.orders.pricing;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * What every product costs, as product-service last told. What it never told about is
 * asked for once, and then known: orders are priced while product-service is away.
 */
@Service
public class PriceList {

	private final ListedPrices listed;

	private final Catalogue catalogue;

	PriceList(ListedPrices listed, Catalogue catalogue) {
		this.listed = listed;
		this.catalogue = catalogue;
	}

	/** Takes note of prices; those that are older than what is known change nothing. */
	public void learn(Collection<ListedPrice> prices) {
		if (!prices.isEmpty()) {
			this.listed.store(prices);
		}
	}

	/** The prices of at most 50 products. To be called outside of a transaction. */
	public Prices lookUp(Set<UUID> productIds) {
		if (productIds.isEmpty()) {
			return new Prices(Map.of(), Set.of(), Set.of());
		}
		Map<UUID, Quote> quotes = new HashMap<>();
		Set<UUID> unavailable = new HashSet<>();
		Set<UUID> unheardOf = new HashSet<>(productIds);
		sort(this.listed.find(productIds), quotes, unavailable, unheardOf);
		if (!unheardOf.isEmpty()) {
			Optional<List<ListedPrice>> answer = this.catalogue.pricesOf(unheardOf);
			if (answer.isPresent()) {
				learn(answer.get());
				sort(answer.get(), quotes, unavailable, unheardOf);
				unavailable.addAll(unheardOf);
				unheardOf.clear();
			}
		}
		return new Prices(quotes, unavailable, unheardOf);
	}

	private static void sort(List<ListedPrice> prices, Map<UUID, Quote> quotes, Set<UUID> unavailable,
			Set<UUID> unheardOf) {
		for (ListedPrice price : prices) {
			unheardOf.remove(price.productId());
			if (price.quote() != null) {
				quotes.put(price.productId(), price.quote());
			}
			else {
				unavailable.add(price.productId());
			}
		}
	}

}
