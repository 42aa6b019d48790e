/** How much of each product there is, and which orders hold or bought it. */
@NullMarked
package dev.sagamart.products.stock;

import org.jspecify.annotations.NullMarked;
