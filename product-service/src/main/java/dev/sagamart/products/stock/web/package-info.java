/** The stock API for administrators. */
@NullMarked
package dev.sagamart.products.stock.web;

import org.jspecify.annotations.NullMarked;
