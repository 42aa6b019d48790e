package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Topic;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
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
public record MessagingProperties(@DefaultValue("true") boolean createTopics,
		@Min(1) @DefaultValue("12") int partitions, @Nullable Short replicas, @Nullable Integer minInsyncReplicas,
		@DefaultValue("7d") Duration topicRetention, @DefaultValue("14d") Duration inboxRetention) {

	/** How much time the messages in one segment of a created topic span at most. */
	private static final Duration SEGMENT = Duration.ofDays(1);

	/**
	 * A dead letter is the message with a few more headers, so its topic takes more than
	 * the broker's default of 1 MiB.
	 */
	public static final int MAX_DEAD_LETTER_BYTES = 2 * 1024 * 1024;

	@AssertTrue(message = "sagamart.messaging.inbox-retention must be longer than topic-retention by more than a day")
	boolean isInboxRetentionLongerThanTopicRetention() {
		return this.inboxRetention.compareTo(this.topicRetention.plus(SEGMENT)) > 0;
	}

	/** A topic as a service creates it. */
	public NewTopic newTopic(Topic topic) {
		return newTopic(topic.value(), (topic.partitions() > 0) ? topic.partitions() : this.partitions,
				topic.compacted() ? Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
						: retention(this.topicRetention));
	}

	/** A topic for dead letters, which nobody needs in parallel. */
	public NewTopic newDeadLetterTopic(String name) {
		Map<String, String> configs = new HashMap<>(retention(this.inboxRetention));
		configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MAX_DEAD_LETTER_BYTES));
		return newTopic(name, 1, configs);
	}

	private NewTopic newTopic(String name, int partitions, Map<String, String> configs) {
		Map<String, String> all = new HashMap<>(configs);
		// Kafka cleans up closed segments only, and closes one after a week by itself.
		all.put(TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(SEGMENT.toMillis()));
		if (this.minInsyncReplicas != null) {
			all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, this.minInsyncReplicas.toString());
		}
		return new NewTopic(name, Optional.of(partitions), Optional.ofNullable(this.replicas)).configs(all);
	}

	private static Map<String, String> retention(Duration duration) {
		return Map.of(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(duration.toMillis()));
	}

}
