package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messages.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics that are missing: those that this service sends to and receives, and
 * the dead-letter topics of its subscriptions. What exists is left as it is.
 */
final class KafkaTopics {

	/**
	 * A dead letter is the message with a few more headers, so its topic takes more than
	 * the broker's default of 1 MiB.
	 */
	static final int MAX_DEAD_LETTER_BYTES = 2 * 1024 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(KafkaTopics.class);

	private static final int DEAD_LETTER_PARTITIONS = 1;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Map<String, Object> adminProperties;

	private final MessagingProperties properties;

	private final List<Publication> publications;

	private final Supplier<List<Subscription>> subscriptions;

	private volatile boolean exist;

	KafkaTopics(Map<String, Object> adminProperties, MessagingProperties properties, List<Publication> publications,
			Supplier<List<Subscription>> subscriptions) {
		this.adminProperties = new HashMap<>(adminProperties);
		this.adminProperties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
		this.adminProperties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		this.properties = properties;
		this.publications = List.copyOf(publications);
		this.subscriptions = subscriptions;
		this.exist = !properties.createTopics();
	}

	/** Whether all topics are known to exist. */
	boolean exist() {
		return this.exist;
	}

	/** Says that a topic seems to be gone: they are looked after once more. */
	void doubt() {
		this.exist = !this.properties.createTopics();
	}

	/**
	 * Creates what is missing.
	 * @throws KafkaException if the broker is away or refuses
	 */
	void create() throws InterruptedException {
		if (this.exist) {
			return;
		}
		try (Admin admin = admin()) {
			Set<String> existing = await(admin.listTopics().names());
			List<NewTopic> missing = wanted().stream().filter((topic) -> !existing.contains(topic.name())).toList();
			for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
				try {
					await(created);
				}
				catch (TopicExistsException ex) {
					// Another service was faster.
				}
			}
			if (!missing.isEmpty()) {
				logger.info("Created the topics {}", missing.stream().map(NewTopic::name).toList());
			}
		}
		this.exist = true;
	}

	Admin admin() {
		return Admin.create(this.adminProperties);
	}

	static <T> T await(KafkaFuture<T> future) throws InterruptedException {
		try {
			return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof KafkaException cause) {
				throw cause;
			}
			throw new KafkaException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new KafkaException("Kafka does not answer", ex);
		}
	}

	private Collection<NewTopic> wanted() {
		Map<String, NewTopic> wanted = new LinkedHashMap<>();
		this.publications.stream()
			.flatMap((publication) -> publication.families().stream())
			.map(MessageTypes::topicOf)
			.forEach((topic) -> wanted.put(topic.value(), topic(topic)));
		for (Subscription subscription : this.subscriptions.get()) {
			subscription.topicsToMake().forEach((topic) -> {
				wanted.put(topic.value(), topic(topic));
				String deadLetters = Subscription.deadLetters(topic.value(), subscription.group());
				Map<String, String> configs = new HashMap<>(retention(this.properties.inboxRetention()));
				configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MAX_DEAD_LETTER_BYTES));
				wanted.put(deadLetters, topic(deadLetters, DEAD_LETTER_PARTITIONS, configs));
			});
		}
		return wanted.values();
	}

	private NewTopic topic(Topic topic) {
		return topic(topic.value(), (topic.partitions() > 0) ? topic.partitions() : this.properties.partitions(),
				topic.compacted() ? Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
						: retention(this.properties.topicRetention()));
	}

	private NewTopic topic(String name, int partitions, Map<String, String> configs) {
		Map<String, String> all = new HashMap<>(configs);
		// Kafka cleans up closed segments only, and closes one after a week by itself.
		all.put(TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(MessagingProperties.SEGMENT.toMillis()));
		if (this.properties.minInsyncReplicas() != null) {
			all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, this.properties.minInsyncReplicas().toString());
		}
		return new NewTopic(name, Optional.of(partitions), Optional.ofNullable(this.properties.replicas()))
			.configs(all);
	}

	private static Map<String, String> retention(Duration duration) {
		return Map.of(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(duration.toMillis()));
	}

}
