/**
 * Attacks on the running platform, through the gateway and past it, each with the answer
 * that it has to meet and with a look into the database afterwards.
 */
@NullMarked
package dev.sagamart.e2e.attack;

import org.jspecify.annotations.NullMarked;
