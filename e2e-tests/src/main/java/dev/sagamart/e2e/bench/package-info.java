/**
 * The benchmark: drives a running platform through its gateway and says what it did, how
 * fast, and what it cost.
 */
@NullMarked
package dev.sagamart.e2e.bench;

import org.jspecify.annotations.NullMarked;
