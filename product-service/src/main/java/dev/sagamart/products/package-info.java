/** The product service: what is sold, at what price, and how much of it there is. */
@NullMarked
package dev.sagamart.products;

import org.jspecify.annotations.NullMarked;
