/** The form of a message in Kafka: CloudEvents headers and a JSON payload. */
@NullMarked
package dev.sagamart.platform.messaging.wire;

import org.jspecify.annotations.NullMarked;
