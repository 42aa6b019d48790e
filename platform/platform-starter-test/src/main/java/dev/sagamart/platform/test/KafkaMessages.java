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
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rest of the platform, played by the test: sends messages as another service would,
 * and hears everything that is sent on any topic, dead letters too, from the beginning of
 * the topics on.
 */
public final class KafkaMessages implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final KafkaProducer<String, byte[]> producer;

	private final KafkaConsumer<String, String> consumer;

	private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();

	private final Thread listener;

	public KafkaMessages(TestKafka kafka) {
		this(kafka.bootstrapServers());
	}

	public KafkaMessages(String bootstrapServers) {
		this.producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "max.block.ms", "30000"),
				new StringSerializer(), new ByteArraySerializer());
		this.consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "group.id",
				"test-" + UUID.randomUUID(), "auto.offset.reset", "earliest", "metadata.max.age.ms", "300",
				"enable.auto.commit", "false", "fetch.max.wait.ms", "50"), new StringDeserializer(),
				new StringDeserializer());
		this.listener = Thread.ofPlatform().daemon().name("kafka-messages").start(this::listen);
	}

	/**
	 * Sends a message and waits until the broker has it.
	 * @return the event id
	 */
	public UUID send(Message message) {
		UUID eventId = UUID.randomUUID();
		send(eventId, message);
		return eventId;
	}

	/**
	 * Sends a message under an event id of one's own: the same one twice is a duplicate.
	 */
	public void send(UUID eventId, Message message) {
		send(eventId, message, Map.of());
	}

	/**
	 * Sends a message with headers added or replaced.
	 * @param headers by name; {@code correlationId} and {@code traceparent} too
	 */
	public void send(UUID eventId, Message message, Map<String, String> headers) {
		Map<String, String> all = headers(eventId, MessageTypes.nameOf(message.getClass()),
				message.aggregateId().toString());
		all.putAll(headers);
		sendRaw(MessageTypes.topicOf(message.getClass()).value(), message.aggregateId().toString(), json(message), all);
	}

	/** Sends a message of a type or version that nobody knows, well formed otherwise. */
	public UUID sendUnknownType(String topic, UUID aggregateId, String type) {
		UUID eventId = UUID.randomUUID();
		sendRaw(topic, aggregateId.toString(), "{}".getBytes(StandardCharsets.UTF_8),
				headers(eventId, type, aggregateId.toString()));
		return eventId;
	}

	/** Sends any bytes with any headers. */
	public void sendRaw(String topic, @Nullable String key, byte @Nullable [] value, Map<String, String> headers) {
		ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
		headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
		try {
			this.producer.send(record).get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Cannot send to " + topic, ex.getCause());
		}
	}

	/** The headers of a message, as the outbox writes them. */
	public static Map<String, String> headers(UUID eventId, String type, String aggregateId) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("ce_specversion", "1.0");
		headers.put("ce_id", eventId.toString());
		headers.put("ce_type", type);
		headers.put("ce_source", "/test");
		headers.put("ce_time", Instant.now().toString());
		headers.put("ce_subject", aggregateId);
		headers.put("content-type", "application/json");
		headers.put("correlationId", "test-" + eventId);
		headers.put("traceparent", "00-" + hex(eventId) + "-" + hex(eventId).substring(0, 16) + "-01");
		return headers;
	}

	/** The JSON form of a message. */
	public static byte[] json(Message message) {
		return JSON.writeValueAsBytes(message);
	}

	/** Everything heard until now, per partition in order. */
	public List<Heard> heard() {
		return List.copyOf(this.heard);
	}

	/** The messages of a family or type about an aggregate heard until now, in order. */
	public <M extends Message> List<M> heard(Class<M> type, UUID aggregateId) {
		return this.heard.stream()
			.flatMap((one) -> one.as(type).stream())
			.filter((message) -> message.aggregateId().equals(aggregateId))
			.toList();
	}

	/** Waits for the first message of a type about an aggregate. */
	public <M extends Message> M await(Class<M> type, UUID aggregateId) {
		return await(type, aggregateId, 1).getFirst();
	}

	/** Waits until there are at least so many. */
	public <M extends Message> List<M> await(Class<M> type, UUID aggregateId, int count) {
		return Awaitility.await(count + " × " + type.getSimpleName() + " about " + aggregateId)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> heard(type, aggregateId), (messages) -> messages.size() >= count);
	}

	/** Waits for the first record that is what the test wants. */
	public Heard await(Predicate<Heard> wanted) {
		return Awaitility.await("a record on any topic")
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.heard.stream().filter(wanted).findFirst(), (found) -> found.isPresent())
			.orElseThrow();
	}

	/** Forgets what was heard until now. */
	public void forget() {
		this.heard.clear();
	}

	@Override
	public void close() {
		this.consumer.wakeup();
		try {
			this.listener.join(Duration.ofSeconds(10));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.producer.close(Duration.ofSeconds(5));
	}

	private void listen() {
		try (this.consumer) {
			this.consumer.subscribe(Pattern.compile("[^_].*"));
			// A broker that comes back may make the consumer begin again.
			Set<String> seen = new HashSet<>();
			while (true) {
				this.consumer.poll(Duration.ofMillis(200)).forEach((record) -> {
					if (seen.add(record.topic() + "/" + record.partition() + "/" + record.offset())) {
						this.heard.add(Heard.from(record));
					}
				});
			}
		}
		catch (WakeupException ex) {
			// Closed.
			return;
		}
	}

	private static String hex(UUID id) {
		return id.toString().replace("-", "");
	}

	/**
	 * A record as it was on a topic.
	 *
	 * @param headers the last of each name
	 * @param text the value, read as UTF-8
	 */
	public record Heard(String topic, int partition, long offset, @Nullable String key, Map<String, String> headers,
			@Nullable String text) {

		/** The wire name of the type, or {@code null} without that header. */
		public @Nullable String type() {
			return this.headers.get("ce_type");
		}

		/** The id of the event, or {@code null} without that header. */
		public @Nullable String eventId() {
			return this.headers.get("ce_id");
		}

		/**
		 * What it says, if it is a readable message of a family or type and on its topic.
		 */
		public <M extends Message> Optional<M> as(Class<M> family) {
			Class<? extends Message> known = MessageTypes.byName(Stream.of(family)).get(Objects.toString(type()));
			if (known == null || this.text == null || !MessageTypes.topicOf(family).value().equals(this.topic)) {
				return Optional.empty();
			}
			try {
				return Optional.of(family.cast(JSON.readValue(this.text, known)));
			}
			catch (JacksonException ex) {
				return Optional.empty();
			}
		}

		private static Heard from(ConsumerRecord<String, String> record) {
			Map<String, String> headers = new LinkedHashMap<>();
			record.headers()
				.forEach((header) -> headers.put(header.key(),
						(header.value() != null) ? new String(header.value(), StandardCharsets.UTF_8) : ""));
			return new Heard(record.topic(), record.partition(), record.offset(), record.key(), headers,
					record.value());
		}

	}

}
