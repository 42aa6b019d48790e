/** The catalogue over HTTP. */
@NullMarked
package dev.sagamart.products.catalogue.web;

import org.jspecify.annotations.NullMarked;
