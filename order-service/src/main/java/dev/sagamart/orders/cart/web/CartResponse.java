package dev.sagamart.orders.cart.web;

import dev.sagamart.events.Money;
import dev.sagamart.orders.cart.CartItem;
import dev.sagamart.orders.pricing.Prices;
import dev.sagamart.orders.pricing.Quote;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A cart at today's prices.
 *
 * @param total of the items that have a price; {@code null} if none has one, if they are
 * of several currencies, or if it is more than can be counted
 */
record CartResponse(List<Item> items, @Nullable Money total) {

	static CartResponse from(List<CartItem> cart, Prices prices) {
		List<Item> items = cart.stream()
			.map((item) -> Item.from(item, prices.find(item.productId()).orElse(null)))
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

		static Item from(CartItem item, @Nullable Quote quote) {
			return (quote != null)
					? new Item(item.productId(), quote.name(), quote.unitPrice(), item.quantity(),
							lineTotal(quote.unitPrice(), item.quantity()), true)
					: new Item(item.productId(), null, null, item.quantity(), null, false);
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
