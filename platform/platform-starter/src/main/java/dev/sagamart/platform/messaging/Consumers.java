package dev.sagamart.platform.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.transaction.support.TransactionOperations;

/** The consumers of all subscriptions. */
final class Consumers {

	private static final Logger logger = LoggerFactory.getLogger(Consumers.class);

	private static final Duration SYNC_COMMIT_TIMEOUT = Duration.ofSeconds(10);

	private static final long SHUTDOWN_MILLIS = 10_000;

	private static final long POLL_MILLIS = 1_000;

	private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> containers;

	private boolean wanted;

	Consumers(List<Subscription> subscriptions, Map<String, Object> consumerProperties, MessagingProperties properties,
			TransactionOperations transactions, Inbox inbox, DeadLetters deadLetters, MeterRegistry meters,
			MessageSpans spans, ApplicationContext context) {
		Map<String, Object> ours = withOurs(consumerProperties, properties);
		this.containers = subscriptions.stream()
			.map((subscription) -> container(subscription, ours, properties.concurrency(),
					new SubscriptionConsumer(subscription, transactions, inbox, deadLetters, meters, spans), context))
			.toList();
	}

	private static Map<String, Object> withOurs(Map<String, Object> base, MessagingProperties properties) {
		Map<String, Object> result = new HashMap<>(base);
		result.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		result.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		result.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
		result.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		result.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		result.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		result.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.maxBatch());
		result.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
		result.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
		result.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
		result.put(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 3_000);
		result.put(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 5_000);
		return result;
	}

	private static ConcurrentMessageListenerContainer<byte[], byte[]> container(Subscription subscription,
			Map<String, Object> consumerProperties, int concurrency, SubscriptionConsumer consumer,
			ApplicationContext context) {
		ContainerProperties properties = new ContainerProperties(subscription.topics().toArray(String[]::new));
		properties.setGroupId(subscription.group());
		properties.setMessageListener(consumer);
		properties.setAckMode(ContainerProperties.AckMode.BATCH);
		properties.setSyncCommits(true);
		properties.setSyncCommitTimeout(SYNC_COMMIT_TIMEOUT);
		properties.setPollTimeout(POLL_MILLIS);
		properties.setShutdownTimeout(SHUTDOWN_MILLIS);
		properties.setAuthExceptionRetryInterval(SYNC_COMMIT_TIMEOUT);
		properties.setLogContainerConfig(false);
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(subscription.group() + "-");
		executor.setVirtualThreads(false);
		properties.setListenerTaskExecutor(executor);
		ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
				new DefaultKafkaConsumerFactory<>(consumerProperties), properties);
		container.setConcurrency(concurrency);
		container.setCommonErrorHandler(consumer);
		container.setBeanName(subscription.group());
		container.setApplicationContext(context);
		return container;
	}

	/** From now on {@link #keepRunning()} starts them. */
	synchronized void start() {
		this.wanted = true;
	}

	/**
	 * Starts what is not running: at first all of them, later what ended because of
	 * something that nobody foresaw. Between {@link #stop()} and {@link #start()} it does
	 * nothing.
	 */
	synchronized void keepRunning() {
		for (ConcurrentMessageListenerContainer<byte[], byte[]> container : this.containers) {
			if (!this.wanted) {
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
	}

	/** Stops all, each after the batch that it is at. */
	void stop() {
		synchronized (this) {
			this.wanted = false;
		}
		this.containers.parallelStream().forEach(ConcurrentMessageListenerContainer::stop);
	}

}
