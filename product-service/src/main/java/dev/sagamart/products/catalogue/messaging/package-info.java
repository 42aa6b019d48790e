/** Publishes product events, and receives them to update the caches of this instance. */
@NullMarked
package dev.sagamart.products.catalogue.messaging;

import org.jspecify.annotations.NullMarked;
