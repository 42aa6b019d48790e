package dev.sagamart.orders.pricing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * The prices of all products, from the events of product-service. A product that is not
 * in the list is asked for over gRPC once. So orders are priced while product-service is
 * not available. A price that has changed meanwhile is noticed by the reservation, which
 * product-service refuses.
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
			return new Prices(Map.of(), Set.of());
		}
		List<ListedPrice> prices = new ArrayList<>(this.listed.find(productIds));
		Set<UUID> unknown = new HashSet<>(productIds);
		prices.forEach((price) -> unknown.remove(price.productId()));
		if (!unknown.isEmpty()) {
			this.catalogue.pricesOf(unknown).ifPresent((answer) -> {
				learn(answer);
				prices.addAll(answer);
				unknown.clear();
			});
		}
		Map<UUID, Quote> quotes = new HashMap<>();
		for (ListedPrice price : prices) {
			if (price.quote() != null) {
				quotes.put(price.productId(), price.quote());
			}
		}
		return new Prices(quotes, unknown);
	}

}
