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
 * Settings of topics and of the inbox.
 *
 * @param createTopics whether missing topics are created; otherwise they must exist
 * @param partitions partitions of a topic that is created
 * @param replicas replicas of a topic that is created; the broker's default if not set
 * @param minInsyncReplicas replicas that must have a message before it counts as sent, of
 * a topic that is created; the broker's default if not set
 * @param topicRetention how long created topics keep messages, except compacted ones;
 * Kafka deletes whole segments, so some messages stay up to a day longer
 * @param inboxRetention how long the inbox remembers messages; longer than topics keep
 * them, so that a topic that is read again is not handled again
 */
@Validated
@ConfigurationProperties("sagamart.messaging")
public record MessagingProperties(@DefaultValue("true") boolean createTopics,
		@Min(1) @DefaultValue("12") int partitions, @Nullable Short replicas, @Nullable Integer minInsyncReplicas,
		@DefaultValue("7d") Duration topicRetention, @DefaultValue("14d") Duration inboxRetention) {

	/** The longest time span of the messages in one segment of a created topic. */
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

	/** A dead-letter topic. It has one partition, as nobody reads it in parallel. */
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
