/** The OpenAPI documents of all services, and a page to read and try them. */
@NullMarked
package dev.sagamart.gateway.documentation;

import org.jspecify.annotations.NullMarked;
