package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import java.time.Instant;
import java.util.UUID;

/**
 * A message as it came from Kafka.
 *
 * @param eventId the sender's id of this message, the same on every redelivery
 * @param message its content
 * @param context the context that answers to it continue
 * @param at when the sender wrote it, by the sender's clock: for display, never for
 * ordering
 */
public record Received<M extends Message>(UUID eventId, M message, MessageContext context, Instant at) {
}
