package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/**
 * The last state of a product. The topic is compacted, so every event carries everything
 * that others keep of it; {@code version} grows with every change, and a lower one than
 * the one already known is old news.
 */
@Topic(value = Topics.PRODUCT_EVENTS, compacted = true)
public sealed interface ProductEvent extends Message {

	UUID productId();

	long version();

	@Override
	default UUID aggregateId() {
		return productId();
	}

	@MessageType("product.changed.v1")
	record ProductChanged(UUID productId, String sku, String name, Money price, long version) implements ProductEvent {
	}

	@MessageType("product.discontinued.v1")
	record ProductDiscontinued(UUID productId, long version) implements ProductEvent {
	}

}
