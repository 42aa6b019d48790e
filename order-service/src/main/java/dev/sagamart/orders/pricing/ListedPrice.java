package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of the price list.
 *
 * @param quote its price; {@code null} if it is no longer sold
 * @param version the product's; a higher one replaces a lower one
 */
public record ListedPrice(UUID productId, @Nullable Quote quote, long version) {

	public static ListedPrice sold(UUID productId, String name, Money unitPrice, long version) {
		return new ListedPrice(productId, new Quote(productId, name, unitPrice), version);
	}

	public static ListedPrice discontinued(UUID productId, long version) {
		return new ListedPrice(productId, null, version);
	}

}
