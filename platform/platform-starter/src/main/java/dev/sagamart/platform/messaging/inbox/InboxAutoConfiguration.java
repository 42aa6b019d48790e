package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.messaging.DeclaredTopics;
import dev.sagamart.platform.messaging.MessagingProperties;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The subscriptions of a service that has a schema, and the consumers that serve them.
 */
@AutoConfiguration
@ConditionalOnProperty("sagamart.schema")
@Import({ Inbox.class, MessageSpans.class, Consumers.class, ConsumerLag.class })
class InboxAutoConfiguration {

	@Bean
	DeclaredTopics subscribedTopics(ObjectProvider<Subscription> subscriptions, MessagingProperties properties) {
		return new DeclaredTopics(subscriptions.stream()
			.flatMap((subscription) -> subscription.topics()
				.values()
				.stream()
				.flatMap((topic) -> Stream.of(properties.newTopic(topic),
						properties.newDeadLetterTopic(subscription.deadLetterTopic(topic.value())))))
			.toList());
	}

}
