/**
 * The benchmark: sends load to a running platform through its gateway and reports
 * throughput, latencies and costs.
 */
@NullMarked
package dev.sagamart.e2e.bench;

import org.jspecify.annotations.NullMarked;
