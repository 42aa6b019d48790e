package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messaging.KafkaTopics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The listener containers of all subscriptions. They come from Spring Boot's factory, so
 * {@code spring.kafka.*}, customizers and metrics apply to them. The settings that the
 * guarantees of a {@link MessageHandler} depend on are fixed here.
 */
final class Consumers implements SmartLifecycle {

	/** Consumers stop before the relay, which sends what they wrote. */
	static final int PHASE = Integer.MAX_VALUE - 100;

	private static final Logger logger = LoggerFactory.getLogger(Consumers.class);

	private static final long FIRST_PAUSE_MILLIS = 100;

	/**
	 * Far below {@code max.poll.interval.ms}, after which a consumer loses its
	 * partitions.
	 */
	private static final long LONGEST_PAUSE_MILLIS = 5_000;

	private final List<ConcurrentMessageListenerContainer<?, ?>> containers;

	private final KafkaTopics topics;

	private boolean running;

	Consumers(KafkaTopics topics, List<Subscription> subscriptions,
			ConcurrentKafkaListenerContainerFactory<?, ?> factory, TransactionOperations transactions, Inbox inbox,
			DeadLetterChannel deadLetters, MeterRegistry meters, MessageSpans spans) {
		this.topics = topics;
		this.containers = subscriptions.stream()
			.<ConcurrentMessageListenerContainer<?, ?>>map((subscription) -> container(subscription, factory,
					new SubscriptionConsumer(subscription, transactions, inbox, deadLetters, meters, spans)))
			.toList();
	}

	private static ConcurrentMessageListenerContainer<?, ?> container(Subscription subscription,
			ConcurrentKafkaListenerContainerFactory<?, ?> factory, SubscriptionConsumer listener) {
		ConcurrentMessageListenerContainer<?, ?> container = factory
			.createContainer(subscription.topics().keySet().toArray(String[]::new));
		ContainerProperties properties = container.getContainerProperties();
		properties.setGroupId(subscription.group());
		// Metrics distinguish the consumers of a process by it.
		properties.setClientId(subscription.group());
		properties.setMessageListener(listener);
		properties.setAckMode(ContainerProperties.AckMode.BATCH);
		properties.setSyncCommits(true);
		Properties consumer = properties.getKafkaConsumerProperties();
		consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		// The driver holds on to its thread, so virtual threads would gain nothing.
		properties.setListenerTaskExecutor(new SimpleAsyncTaskExecutor(subscription.group() + "-"));
		container.setCommonErrorHandler(errorHandler());
		container.setBeanName(subscription.group());
		return container;
	}

	/**
	 * Receives messages that were not handled again, without limit: those that can never
	 * be handled became dead letters before.
	 */
	private static CommonErrorHandler errorHandler() {
		ExponentialBackOff backOff = new ExponentialBackOff(FIRST_PAUSE_MILLIS, 2);
		backOff.setMaxInterval(LONGEST_PAUSE_MILLIS);
		backOff.setJitter(FIRST_PAUSE_MILLIS / 2);
		DefaultErrorHandler handler = new DefaultErrorHandler(backOff) {

			// Polling or committing failed, and the container goes on with it.
			@Override
			public void handleOtherException(Exception failure, Consumer<?, ?> consumer,
					MessageListenerContainer container, boolean batchListener) {
				Consumers.logger.warn("{} cannot poll or commit and tries again: {}", container.getGroupId(),
						TransientFailures.describe(failure));
				try {
					ListenerUtils.stoppableSleep(container, FIRST_PAUSE_MILLIS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		// By default it skips messages after exceptions that it considers fatal.
		handler.setClassifications(Map.of(), true);
		// The listener has logged the cause.
		handler.setLogLevel(KafkaException.Level.DEBUG);
		return handler;
	}

	/** Lets {@link #keepRunning()} start the containers. */
	@Override
	public synchronized void start() {
		this.running = true;
	}

	/**
	 * Creates missing topics and starts containers that are not running: all of them at
	 * first, later those that ended unexpectedly. Kafka may be unavailable for any time.
	 */
	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void keepRunning() throws InterruptedException, ExecutionException {
		this.topics.create();
		this.containers.forEach(this::keepRunning);
	}

	private synchronized void keepRunning(ConcurrentMessageListenerContainer<?, ?> container) {
		if (!this.running) {
			return;
		}
		if (container.isRunning() && !container.isInExpectedState()) {
			logger.error("The consumer {} ended unexpectedly and is started again", container.getBeanName());
			container.stop();
		}
		if (!container.isRunning()) {
			container.start();
		}
	}

	/** Stops all containers, each after its current batch. */
	@Override
	public void stop() {
		synchronized (this) {
			this.running = false;
		}
		this.containers.parallelStream().forEach(ConcurrentMessageListenerContainer::stop);
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
