/** Validates access tokens and derives authorities from them. */
@NullMarked
package dev.sagamart.platform.tokens;

import org.jspecify.annotations.NullMarked;
