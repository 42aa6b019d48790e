/** The gRPC API through which other services read prices. */
@NullMarked
package dev.sagamart.products.catalogue.grpc;

import org.jspecify.annotations.NullMarked;
