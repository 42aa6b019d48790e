package dev.sagamart.orders.cart.web;

import dev.sagamart.events.Money;
import dev.sagamart.orders.pricing.Prices;
import dev.sagamart.orders.pricing.Quote;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A cart at today's prices.
 *
 * @param total of the items that have a price; {@code null} if none has one, if they are
 * of several currencies, or if it is more than can be counted
 */
record CartResponse(List<Item> items, @Nullable Money total) {

	static CartResponse from(SequencedMap<UUID, Integer> cart, Prices prices) {
		List<Item> items = cart.entrySet()
			.stream()
			.map((item) -> Item.from(item.getKey(), item.getValue(), prices.quotes().get(item.getKey())))
			.toList();
		return new CartResponse(items, total(items, prices));
	}

	private static @Nullable Money total(List<Item> items, Prices prices) {
		if (prices.currencies().size() != 1) {
			return null;
		}
		try {
			return items.stream()
				.filter(Item::available)
				.map((item) -> Objects.requireNonNull(item.unitPrice()).times(item.quantity()))
				.reduce(Money::plus)
				.orElse(null);
		}
		catch (ArithmeticException ex) {
			return null;
		}
	}

	/** A line; without name and prices if the product is not sold (any more). */
	record Item(UUID productId, @Nullable String name, @Nullable Money unitPrice, int quantity,
			@Nullable Money lineTotal, boolean available) {

		static Item from(UUID productId, int quantity, @Nullable Quote quote) {
			return (quote != null)
					? new Item(productId, quote.name(), quote.unitPrice(), quantity,
							lineTotal(quote.unitPrice(), quantity), true)
					: new Item(productId, null, null, quantity, null, false);
		}

		private static @Nullable Money lineTotal(Money unitPrice, int quantity) {
			try {
				return unitPrice.times(quantity);
			}
			catch (ArithmeticException ex) {
				return null;
			}
		}

	}

}
