package dev.sagamart.platform.planted;

import dev.sagamart.good.order.Orders;

/** Would be a part of the platform that knows a service. */
record Shopkeeper(Orders orders) {
}
