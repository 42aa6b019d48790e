/** Error responses of the gateway and of every service. */
@NullMarked
package dev.sagamart.platform.problem;

import org.jspecify.annotations.NullMarked;
