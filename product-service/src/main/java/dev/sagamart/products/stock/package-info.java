/** The stock of each product, and the orders that reserved or bought it. */
@NullMarked
package dev.sagamart.products.stock;

import org.jspecify.annotations.NullMarked;
