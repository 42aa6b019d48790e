/** Errors as clients get them, whoever answers. */
@NullMarked
package dev.sagamart.platform.problem;

import org.jspecify.annotations.NullMarked;
