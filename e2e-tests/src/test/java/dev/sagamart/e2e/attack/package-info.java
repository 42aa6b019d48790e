/**
 * Attacks on the running platform, through the gateway and directly at services. Each has
 * an expected response and must not change the database.
 */
@NullMarked
package dev.sagamart.e2e.attack;

import org.jspecify.annotations.NullMarked;
