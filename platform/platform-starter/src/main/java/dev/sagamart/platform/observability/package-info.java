/** What every service shows of itself. */
@NullMarked
package dev.sagamart.platform.observability;

import org.jspecify.annotations.NullMarked;
