/** Every service checks access tokens by itself. */
@NullMarked
package dev.sagamart.platform.security;

import org.jspecify.annotations.NullMarked;
