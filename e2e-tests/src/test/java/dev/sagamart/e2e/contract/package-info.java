/**
 * The OpenAPI documents that the services publish, held against what the services do.
 */
@NullMarked
package dev.sagamart.e2e.contract;

import org.jspecify.annotations.NullMarked;
