package dev.sagamart.orders.cart;

import java.util.UUID;

/** A product in a cart. */
public record CartItem(UUID productId, int quantity) {
}
