/**
 * A simulator of the payment provider: the part of Stripe's API that the platform uses,
 * with records on disk.
 */
@NullMarked
package dev.sagamart.simulator;

import org.jspecify.annotations.NullMarked;
