package dev.sagamart.platform.messaging;

import dev.sagamart.events.Message;

/** A message to be sent, and the context that it continues. */
public record Outgoing(Message message, MessageContext context) {
}
