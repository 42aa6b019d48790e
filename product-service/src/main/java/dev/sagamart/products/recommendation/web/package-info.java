/** The HTTP API of the recommendations. */
@NullMarked
package dev.sagamart.products.recommendation.web;

import org.jspecify.annotations.NullMarked;
