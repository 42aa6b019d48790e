/**
 * The platform as processes of this machine: PostgreSQL, Kafka and Redis as real servers
 * from Maven artifacts, the payment simulator, and the five services. Used by
 * {@code ./run-local}, and by tests where no Docker engine answers.
 */
@NullMarked
package dev.sagamart.local;

import org.jspecify.annotations.NullMarked;
