package dev.sagamart.platform.test;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends messages like another service, and receives all messages of all topics, including
 * dead letters, from the beginning.
 */
public final class KafkaMessages implements AutoCloseable {

	private final DefaultKafkaProducerFactory<String, byte[]> producers;

	private final KafkaMessageListenerContainer<String, String> listener;

	private final Queue<ReceivedMessage> received = new ConcurrentLinkedQueue<>();

	public KafkaMessages(TestKafka kafka) {
		this.producers = new DefaultKafkaProducerFactory<>(
				Map.of("bootstrap.servers", kafka.address(), "acks", "all", "max.block.ms", "30000"),
				new StringSerializer(), new ByteArraySerializer());
		this.producers.setPhysicalCloseTimeout(5);
		ContainerProperties all = new ContainerProperties(Pattern.compile("[^_].*"));
		all.setGroupId("test-" + UUID.randomUUID());
		// Nothing is committed. After a restart of the broker, the consumer may therefore
		// read from the beginning again.
		all.setAckMode(ContainerProperties.AckMode.MANUAL);
		Set<String> seen = new HashSet<>();
		all.setMessageListener((MessageListener<String, String>) (record) -> {
			if (seen.add(record.topic() + "/" + record.partition() + "/" + record.offset())) {
				this.received.add(ReceivedMessage.from(record));
			}
		});
		this.listener = new KafkaMessageListenerContainer<>(
				new DefaultKafkaConsumerFactory<>(
						Map.of("bootstrap.servers", kafka.address(), "auto.offset.reset", "earliest",
								"metadata.max.age.ms", "300", "fetch.max.wait.ms", "50"),
						new StringDeserializer(), new StringDeserializer()),
				all);
		this.listener.start();
	}

	/**
	 * Sends a message and waits for the acknowledgement.
	 * @return the event id
	 */
	public UUID send(Message message) {
		UUID eventId = UUID.randomUUID();
		send(eventId, message);
		return eventId;
	}

	/**
	 * Sends a message with a given event id, for instance the same one twice.
	 */
	public void send(UUID eventId, Message message) {
		send(eventId, message, Map.of());
	}

	/**
	 * Sends a message with additional or replaced headers.
	 * @param headers the headers by name, including {@code correlationId} and
	 * {@code traceparent}
	 */
	public void send(UUID eventId, Message message, Map<String, String> headers) {
		Map<String, String> all = headers(eventId, MessageTypes.nameOf(message.getClass()),
				message.aggregateId().toString());
		all.putAll(headers);
		sendRaw(MessageTypes.topicOf(message.getClass()).value(), message.aggregateId().toString(), json(message), all);
	}

	/** Sends any bytes and headers. */
	public void sendRaw(String topic, @Nullable String key, byte @Nullable [] value, Map<String, String> headers) {
		ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
		headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
		try {
			new KafkaTemplate<>(this.producers).send(record).join();
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("Cannot send to " + topic, ex);
		}
	}

	/** The headers of a message, as the outbox writes them. */
	public static Map<String, String> headers(UUID eventId, String type, String aggregateId) {
		String trace = eventId.toString().replace("-", "");
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("ce_specversion", "1.0");
		headers.put("ce_id", eventId.toString());
		headers.put("ce_type", type);
		headers.put("ce_source", "/test");
		headers.put("ce_time", Instant.now().toString());
		headers.put("ce_subject", aggregateId);
		headers.put("content-type", "application/json");
		headers.put("correlationId", "test-" + eventId);
		headers.put("traceparent", "00-" + trace + "-" + trace.substring(0, 16) + "-01");
		return headers;
	}

	public static byte[] json(Message message) {
		return JsonMapper.shared().writeValueAsBytes(message);
	}

	/** The received messages, in the order of each partition. */
	public List<ReceivedMessage> received() {
		return List.copyOf(this.received);
	}

	/** The received messages of a type or family about an aggregate, in order. */
	public <M extends Message> List<M> received(Class<M> type, UUID aggregateId) {
		return this.received.stream()
			.flatMap((one) -> one.as(type).stream())
			.filter((message) -> message.aggregateId().equals(aggregateId))
			.toList();
	}

	/** Waits for the first message of a type about an aggregate. */
	public <M extends Message> M await(Class<M> type, UUID aggregateId) {
		return await(type, aggregateId, 1).getFirst();
	}

	/** Waits until at least the given number of messages was received. */
	public <M extends Message> List<M> await(Class<M> type, UUID aggregateId, int count) {
		return Awaitility.await(count + " × " + type.getSimpleName() + " about " + aggregateId)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> received(type, aggregateId), (messages) -> messages.size() >= count);
	}

	/** Waits for the first message that matches. */
	public ReceivedMessage await(Predicate<ReceivedMessage> condition) {
		return Awaitility.await("a record on any topic")
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.received.stream().filter(condition).findFirst(), (found) -> found.isPresent())
			.orElseThrow();
	}

	@Override
	public void close() {
		this.listener.stop();
		this.producers.destroy();
	}

	/**
	 * A received message.
	 *
	 * @param headers the headers by name; of duplicates the last one
	 * @param text the value as UTF-8
	 */
	public record ReceivedMessage(String topic, int partition, long offset, @Nullable String key,
			Map<String, String> headers, @Nullable String text) {

		/** The type name, or {@code null} without that header. */
		public @Nullable String type() {
			return this.headers.get("ce_type");
		}

		/** The event id, or {@code null} without that header. */
		public @Nullable String eventId() {
			return this.headers.get("ce_id");
		}

		/**
		 * Parses the message, if it is a valid message of the type or family on its
		 * topic.
		 */
		public <M extends Message> Optional<M> as(Class<M> family) {
			Class<? extends Message> known = MessageTypes.byName(Stream.of(family)).get(Objects.toString(type()));
			if (known == null || this.text == null || !MessageTypes.topicOf(family).value().equals(this.topic)) {
				return Optional.empty();
			}
			try {
				return Optional.of(family.cast(JsonMapper.shared().readValue(this.text, known)));
			}
			catch (JacksonException ex) {
				return Optional.empty();
			}
		}

		private static ReceivedMessage from(ConsumerRecord<String, String> record) {
			Map<String, String> headers = new LinkedHashMap<>();
			record.headers()
				.forEach((header) -> headers.put(header.key(),
						(header.value() != null) ? new String(header.value(), StandardCharsets.UTF_8) : ""));
			return new ReceivedMessage(record.topic(), record.partition(), record.offset(), record.key(), headers,
					record.value());
		}

	}

}
