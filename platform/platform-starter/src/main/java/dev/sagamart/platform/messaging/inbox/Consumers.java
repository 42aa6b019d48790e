package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messaging.KafkaTopics;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The listener containers of all subscriptions. They come from Spring Boot's factory, so
 * {@code spring.kafka.*}, customizers and metrics apply to them; what the guarantees of a
 * {@link MessageHandler} rest on is fixed here.
 */
final class Consumers implements SmartLifecycle {

	/** Stopped like Kafka listeners: before the relay, which sends what they wrote. */
	static final int PHASE = Integer.MAX_VALUE - 100;

	private static final Logger logger = LoggerFactory.getLogger(Consumers.class);

	private static final long FIRST_PAUSE_MILLIS = 100;

	/**
	 * Far below the time after which a consumer that does not poll loses its partitions.
	 */
	private static final long LONGEST_PAUSE_MILLIS = 5_000;

	private final List<ConcurrentMessageListenerContainer<?, ?>> containers;

	private final KafkaTopics topics;

	private boolean running;

	Consumers(KafkaTopics topics, List<Subscription> subscriptions,
			ConcurrentKafkaListenerContainerFactory<?, ?> factory,
			Function<Subscription, SubscriptionConsumer> listener) {
		this.topics = topics;
		this.containers = subscriptions.stream()
			.<ConcurrentMessageListenerContainer<?, ?>>map(
					(subscription) -> container(subscription, factory, listener.apply(subscription)))
			.toList();
	}

	private static ConcurrentMessageListenerContainer<?, ?> container(Subscription subscription,
			ConcurrentKafkaListenerContainerFactory<?, ?> factory, SubscriptionConsumer listener) {
		ConcurrentMessageListenerContainer<?, ?> container = factory
			.createContainer(subscription.topics().keySet().toArray(String[]::new));
		ContainerProperties properties = container.getContainerProperties();
		properties.setGroupId(subscription.group());
		// By which metrics tell the consumers of a process apart.
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
	 * Makes messages that were not handled come again for as long as it takes: what can
	 * never be handled became a dead letter before.
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
		// By itself it skips messages after failures that it takes for lasting ones.
		handler.setClassifications(Map.of(), true);
		// The listener has said why.
		handler.setLogLevel(KafkaException.Level.DEBUG);
		return handler;
	}

	/** From now on {@link #keepRunning()} starts them. */
	@Override
	public synchronized void start() {
		this.running = true;
	}

	/**
	 * Makes the topics that are missing, and starts what is not running: at first all
	 * consumers, later what ended because of something that nobody foresaw. Kafka may be
	 * away for as long as it likes.
	 */
	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void keepRunning() throws InterruptedException {
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

	/** Stops all, each after the batch that it is at. */
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
