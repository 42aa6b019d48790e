/** The OpenAPI and AsyncAPI documents of a service, derived from its code. */
@NullMarked
package dev.sagamart.platform.openapi;

import org.jspecify.annotations.NullMarked;
