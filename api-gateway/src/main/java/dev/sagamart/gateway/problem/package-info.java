/** Errors of the gateway itself, as problem details with a correlation id. */
@NullMarked
package dev.sagamart.gateway.problem;

import org.jspecify.annotations.NullMarked;
