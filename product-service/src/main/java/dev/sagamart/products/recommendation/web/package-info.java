/** Recommendations over HTTP. */
@NullMarked
package dev.sagamart.products.recommendation.web;

import org.jspecify.annotations.NullMarked;
