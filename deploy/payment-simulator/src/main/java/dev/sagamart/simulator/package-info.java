/**
 * A stand-in for the payment provider: the part of Stripe's API that the platform uses,
 * with books of its own on disk.
 */
@NullMarked
package dev.sagamart.simulator;

import org.jspecify.annotations.NullMarked;
