/** What the catalogue tells the other services. */
@NullMarked
package dev.sagamart.products.catalogue.messaging;

import org.jspecify.annotations.NullMarked;
