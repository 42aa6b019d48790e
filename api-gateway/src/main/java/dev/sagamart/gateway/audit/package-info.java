/** Who did or tried what, when, from where, and how it ended. */
@NullMarked
package dev.sagamart.gateway.audit;

import org.jspecify.annotations.NullMarked;
