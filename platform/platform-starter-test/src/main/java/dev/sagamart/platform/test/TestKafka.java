package dev.sagamart.platform.test;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The Kafka of this test JVM, and its faults. */
public final class TestKafka {

	private final Backend backend;

	TestKafka(Backend backend) {
		this.backend = backend;
	}

	/** {@code host:port}, the same over every restart. */
	public String bootstrapServers() {
		return this.backend.address();
	}

	/** An administrator; the caller closes it. */
	public Admin admin() {
		return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers()));
	}

	/** Creates topics with the broker's defaults, unless they are there. */
	public void createTopics(Collection<String> names) {
		try (Admin admin = admin()) {
			for (String name : names) {
				try {
					admin.createTopics(List.of(new NewTopic(name, Optional.empty(), Optional.empty()))).all().get();
				}
				catch (ExecutionException ex) {
					if (!(ex.getCause() instanceof TopicExistsException)) {
						throw new IllegalStateException("Cannot create the topic " + name, ex);
					}
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Stops the broker gracefully; its port stays its own. */
	public void stop() {
		this.backend.stop();
	}

	/** {@code kill -9}. */
	public void kill() {
		this.backend.kill();
	}

	/**
	 * Starts it again on the same port, with all its data, and waits until it answers.
	 */
	public void start() {
		this.backend.start();
	}

	/** Keeps connections open and answers nothing, until {@link #wake()}. */
	public void hang() {
		this.backend.hang();
	}

	public void wake() {
		this.backend.wake();
	}

}
