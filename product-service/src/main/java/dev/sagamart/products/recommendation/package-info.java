/** Recommendations of other products. */
@NullMarked
package dev.sagamart.products.recommendation;

import org.jspecify.annotations.NullMarked;
