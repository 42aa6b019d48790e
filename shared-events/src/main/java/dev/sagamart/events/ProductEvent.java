package dev.sagamart.events;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import java.util.UUID;

/**
 * The latest state of a product. The topic is compacted, so every event contains
 * everything that other services store of a product. {@code version} grows with every
 * change; a consumer ignores an event with a lower version than it knows.
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
