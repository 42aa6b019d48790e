package dev.sagamart.orders.cart;

import java.util.UUID;

/** How many of a product a user means to buy. */
public record CartItem(UUID productId, int quantity) {
}
