@NullMarked
package dev.sagamart.good.order.messaging;

import org.jspecify.annotations.NullMarked;
