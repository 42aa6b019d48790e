/** Forgetting who somebody was. */
@NullMarked
package dev.sagamart.orders.erasure;

import org.jspecify.annotations.NullMarked;
