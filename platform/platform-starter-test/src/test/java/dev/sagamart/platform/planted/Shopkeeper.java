package dev.sagamart.platform.planted;

import dev.sagamart.good.order.Orders;

/** A type in a platform package that depends on a service. */
record Shopkeeper(Orders orders) {
}
