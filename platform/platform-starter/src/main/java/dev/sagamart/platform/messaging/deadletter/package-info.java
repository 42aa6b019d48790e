/** Messages that no consumer can handle, until somebody replays or discards them. */
@NullMarked
package dev.sagamart.platform.messaging.deadletter;

import org.jspecify.annotations.NullMarked;
