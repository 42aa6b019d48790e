/** The audit: who did or tried what, when, from which address, and with which result. */
@NullMarked
package dev.sagamart.gateway.audit;

import org.jspecify.annotations.NullMarked;
