/** Removes the personal data of erased users. */
@NullMarked
package dev.sagamart.orders.erasure;

import org.jspecify.annotations.NullMarked;
