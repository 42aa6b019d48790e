package dev.sagamart.orders.pricing;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of the price list.
 *
 * @param quote its price; {@code null} if it is no longer sold
 * @param version the product's; a higher one replaces a lower one
 */
public record ListedPrice(UUID productId, @Nullable Quote quote, long version) {
}
