/** The error responses of the gateway: problem details with a correlation id. */
@NullMarked
package dev.sagamart.gateway.problem;

import org.jspecify.annotations.NullMarked;
