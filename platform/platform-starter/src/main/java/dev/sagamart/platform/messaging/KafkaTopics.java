package dev.sagamart.platform.messaging;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
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
		this.adminProperties = adminProperties;
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
	 * @throws ExecutionException if the broker is unavailable or refuses
	 */
	public void create() throws InterruptedException, ExecutionException {
		if (this.exist) {
			return;
		}
		try (Admin admin = admin()) {
			Set<String> existing = new HashSet<>(admin.listTopics().names().get());
			List<NewTopic> missing = this.declared.get()
				.flatMap((declared) -> declared.topics().stream())
				.filter((topic) -> existing.add(topic.name()))
				.toList();
			for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
				try {
					created.get();
				}
				catch (ExecutionException ex) {
					// Another service may have created it.
					if (!(ex.getCause() instanceof TopicExistsException)) {
						throw ex;
					}
				}
			}
			if (!missing.isEmpty()) {
				logger.info("Created the topics {}", missing.stream().map(NewTopic::name).toList());
			}
		}
		this.exist = true;
	}

	/** A client with the time limits of {@code spring.kafka.admin}. */
	public Admin admin() {
		return Admin.create(this.adminProperties);
	}

}
