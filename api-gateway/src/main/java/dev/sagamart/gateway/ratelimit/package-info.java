/** How often one user or one address may ask. */
@NullMarked
package dev.sagamart.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
