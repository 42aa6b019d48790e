/** What people ask of a saga over HTTP, and how they watch it. */
@NullMarked
package dev.sagamart.orders.saga.web;

import org.jspecify.annotations.NullMarked;
