/** Products and their prices, which customers read and administrators edit. */
@NullMarked
package dev.sagamart.products.catalogue;

import org.jspecify.annotations.NullMarked;
