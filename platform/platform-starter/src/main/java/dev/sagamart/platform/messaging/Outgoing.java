package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;

/** A message to be sent, and the context that it continues. */
public record Outgoing(Message message, MessageContext context) {
}
