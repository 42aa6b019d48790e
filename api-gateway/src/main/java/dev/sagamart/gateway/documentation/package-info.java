/** The OpenAPI documents of all services in Swagger UI. */
@NullMarked
package dev.sagamart.gateway.documentation;

import org.jspecify.annotations.NullMarked;
