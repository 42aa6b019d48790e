/** Prices for the other services. */
@NullMarked
package dev.sagamart.products.catalogue.grpc;

import org.jspecify.annotations.NullMarked;
