/** Protects the platform from more requests than it can handle. */
@NullMarked
package dev.sagamart.gateway.overload;

import org.jspecify.annotations.NullMarked;
