/** What else a customer might like. */
@NullMarked
package dev.sagamart.products.recommendation;

import org.jspecify.annotations.NullMarked;
