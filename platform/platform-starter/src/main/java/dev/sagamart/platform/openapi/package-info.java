/** The OpenAPI document of a service, made from what the service does. */
@NullMarked
package dev.sagamart.platform.openapi;

import org.jspecify.annotations.NullMarked;
