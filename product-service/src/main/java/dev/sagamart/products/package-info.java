/** The product service: the catalogue, its prices, and the stock. */
@NullMarked
package dev.sagamart.products;

import org.jspecify.annotations.NullMarked;
