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
 * The prices of all products, from the events of product-service. A product that is not
 * in the list is asked for over gRPC once. So orders are priced while product-service is
 * not available.
 */
@Service
public class PriceList {

	private final ListedPrices listed;

	private final Catalogue catalogue;

	PriceList(ListedPrices listed, Catalogue catalogue) {
		this.listed = listed;
		this.catalogue = catalogue;
	}

	/** Stores prices, except those that are older than the stored ones. */
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
		Set<UUID> missing = new HashSet<>(productIds);
		sort(this.listed.find(productIds), quotes, unavailable, missing);
		if (!missing.isEmpty()) {
			Optional<List<ListedPrice>> answer = this.catalogue.pricesOf(missing);
			if (answer.isPresent()) {
				learn(answer.get());
				sort(answer.get(), quotes, unavailable, missing);
				unavailable.addAll(missing);
				missing.clear();
			}
		}
		return new Prices(quotes, unavailable, missing);
	}

	private static void sort(List<ListedPrice> prices, Map<UUID, Quote> quotes, Set<UUID> unavailable,
			Set<UUID> missing) {
		for (ListedPrice price : prices) {
			missing.remove(price.productId());
			if (price.quote() != null) {
				quotes.put(price.productId(), price.quote());
			}
			else {
				unavailable.add(price.productId());
			}
		}
	}

}
