package dev.sagamart.platform.messaging;

import java.util.List;
import java.util.Set;

/**
 * Declares, as a bean, that a handler receives topics. The starter runs the consumers,
 * two in each process unless {@code sagamart.messaging.concurrency} says otherwise; a new
 * group begins with the oldest message there is. Two subscriptions of a service cannot
 * share a group.
 *
 * @param group the Kafka consumer group and the inbox's consumer name; never rename it
 * @param topics names of {@link dev.sagamart.events.Topics}
 */
public record Subscription(String group, Set<String> topics, MessageHandler handler) {

	public Subscription {
		topics = Set.copyOf(topics);
	}

	public static Subscription of(String group, MessageHandler handler, String... topics) {
		return new Subscription(group, Set.copyOf(List.of(topics)), handler);
	}

}
