package dev.sagamart.platform.messaging;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the service sends and receives.
 *
 * @param createTopics whether missing topics are created; without it, they must be there
 * @param partitions partitions of a topic that is created
 * @param replicas replicas of a topic that is created; the broker's default if not set
 * @param minInsyncReplicas replicas that must have a message before it counts as sent, of
 * a topic that is created; the broker's default if not set
 * @param topicRetention how long created topics keep messages, except compacted ones;
 * Kafka removes a whole segment at a time, so some stay longer by what a segment takes in
 * @param inboxRetention how long handled messages are remembered; longer than a topic may
 * keep them, or a topic that is read again could be handled again
 */
@Validated
@ConfigurationProperties("sagamart.messaging")
record MessagingProperties(@DefaultValue("true") boolean createTopics, @Min(1) @DefaultValue("12") int partitions,
		@Nullable Short replicas, @Nullable Integer minInsyncReplicas, @DefaultValue("7d") Duration topicRetention,
		@DefaultValue("14d") Duration inboxRetention) {

	/** How much time the messages in one segment of a created topic span at most. */
	static final Duration SEGMENT = Duration.ofDays(1);

	@AssertTrue(message = "sagamart.messaging.inbox-retention must be longer than topic-retention by more than a day")
	boolean isInboxRetentionLongerThanTopicRetention() {
		return this.inboxRetention.compareTo(this.topicRetention.plus(SEGMENT)) > 0;
	}

}
