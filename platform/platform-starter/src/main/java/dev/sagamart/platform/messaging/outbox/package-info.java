/** The sending side: rows in the transaction of a change, and the relay to Kafka. */
@NullMarked
package dev.sagamart.platform.messaging.outbox;

import org.jspecify.annotations.NullMarked;
