package dev.sagamart.platform.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates missing topics: those of the publications and subscriptions of this service,
 * and the dead-letter topics. Existing topics stay as they are.
 */
public final class KafkaTopics {

	private static final Logger logger = LoggerFactory.getLogger(KafkaTopics.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Map<String, Object> adminProperties;

	private final boolean create;

	private final Supplier<Stream<DeclaredTopics>> declared;

	private volatile boolean exist;

	/**
	 * Makes the topics of a service.
	 * @param create whether they are created; otherwise they are taken to be there
	 * @param declared called late, because the beans that declare topics may depend on
	 * the outbox
	 */
	public KafkaTopics(Map<String, Object> adminProperties, boolean create, Supplier<Stream<DeclaredTopics>> declared) {
		this.adminProperties = new HashMap<>(adminProperties);
		this.adminProperties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
		this.adminProperties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		this.create = create;
		this.declared = declared;
		this.exist = !create;
	}

	/** Whether all topics are known to exist. */
	public boolean exist() {
		return this.exist;
	}

	/**
	 * Makes the next {@link #create()} check the topics again, as one seems to be gone.
	 */
	public void doubt() {
		this.exist = !this.create;
	}

	/**
	 * Creates what is missing.
	 * @throws KafkaException if the broker is unavailable or refuses
	 */
	public void create() throws InterruptedException {
		if (this.exist) {
			return;
		}
		try (Admin admin = admin()) {
			Set<String> existing = new HashSet<>(await(admin.listTopics().names()));
			List<NewTopic> missing = this.declared.get()
				.flatMap((declared) -> declared.topics().stream())
				.filter((topic) -> existing.add(topic.name()))
				.toList();
			for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
				try {
					await(created);
				}
				catch (TopicExistsException ex) {
					// Another service has created it.
				}
			}
			if (!missing.isEmpty()) {
				logger.info("Created the topics {}", missing.stream().map(NewTopic::name).toList());
			}
		}
		this.exist = true;
	}

	/** A client whose calls take ten seconds at most. */
	public Admin admin() {
		return Admin.create(this.adminProperties);
	}

	/**
	 * Waits for the result of a call of {@link #admin()}.
	 * @throws KafkaException if the call fails or times out
	 */
	public static <T> T await(KafkaFuture<T> future) throws InterruptedException {
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

}
