package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messages.Topic;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.messaging.wire.UnreadableMessageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Declares, as a bean, that a handler receives messages. The starter runs the consumers,
 * two in each process unless {@code spring.kafka.listener.concurrency} says otherwise; a
 * new group begins with the oldest message there is. Two subscriptions of a service
 * cannot share a group.
 * <p>
 * A subscription says which messages it takes: whole families, whose members a
 * {@code switch} has to name, or single records. Other messages of the same families are
 * skipped. Anything else on their topics, such as an unknown type, becomes a dead letter.
 */
public final class Subscription {

	private final String group;

	private final Map<String, Known> known = new HashMap<>();

	private final Map<Class<? extends Message>, Function<Received<?>, Object>> taken = new HashMap<>();

	private final Map<String, Topic> topics = new LinkedHashMap<>();

	private final MessageHandler<Object> handler;

	private Subscription(String group, MessageHandler<?> handler) {
		this.group = group;
		@SuppressWarnings("unchecked") // gets what the functions of its own call return
		MessageHandler<Object> taker = (MessageHandler<Object>) handler;
		this.handler = taker;
	}

	/**
	 * Messages of a family, or of one type.
	 * @param group the Kafka consumer group and the inbox's consumer name; never rename
	 * it
	 * @param type a sealed interface of records, or a record
	 */
	public static <M extends Message> Subscription of(String group, Class<M> type,
			MessageHandler<Received<M>> handler) {
		return of(group, handler, Taken.of(type, Function.identity()));
	}

	/**
	 * Messages of several families or types, each mapped to what the handler takes.
	 * @param group the Kafka consumer group and the inbox's consumer name; never rename
	 * it
	 */
	@SafeVarargs
	public static <T> Subscription of(String group, MessageHandler<T> handler, Taken<?, T>... taken) {
		Subscription subscription = new Subscription(group, handler);
		for (Taken<?, T> one : taken) {
			subscription.take(one);
		}
		return subscription;
	}

	/**
	 * Messages that a subscription takes.
	 *
	 * @param type a sealed interface of records, or a record
	 * @param as maps such a message to what the handler takes; an exception from it is
	 * treated like one from the handler
	 */
	public record Taken<M extends Message, T>(Class<M> type, Function<Received<M>, T> as) {

		public static <M extends Message, T> Taken<M, T> of(Class<M> type, Function<Received<M>, T> as) {
			return new Taken<>(type, as);
		}

	}

	/** A type of messages and its topic. */
	private record Known(Class<? extends Message> type, String topic) {
	}

	private <M extends Message, T> void take(Taken<M, T> one) {
		Topic topic = MessageTypes.topicOf(one.type());
		this.topics.put(topic.value(), topic);
		MessageTypes.onTopicOf(one.type()).forEach((name, type) -> {
			Known other = this.known.put(name, new Known(type, MessageTypes.topicOf(type).value()));
			if (other != null && other.type() != type) {
				throw new IllegalArgumentException(type + " and " + other.type() + " have the same @MessageType");
			}
		});
		MessageTypes.byName(Stream.of(one.type())).forEach((name, type) -> {
			@SuppressWarnings("unchecked") // asked for with messages of that type only
			Function<Received<?>, Object> as = (received) -> one.as().apply((Received<M>) received);
			if (this.taken.put(type, as) != null) {
				throw new IllegalArgumentException(this.group + " takes " + name + " twice");
			}
		});
	}

	public String group() {
		return this.group;
	}

	/** The messages that it takes. */
	public Set<Class<? extends Message>> taken() {
		return Set.copyOf(this.taken.keySet());
	}

	/** Its topics by their names. */
	Map<String, Topic> topics() {
		return this.topics;
	}

	/** The dead-letter topic for one of its topics. */
	public String deadLetterTopic(String topic) {
		return topic + "." + this.group + ".dlt";
	}

	/** The type with a wire name; {@code null} if it is unknown here. */
	public @Nullable Class<? extends Message> typeOf(String name) {
		Known known = this.known.get(name);
		return (known != null) ? known.type() : null;
	}

	/** Whether messages of its topics can say something personal. */
	public boolean knowsPersonalData() {
		return this.known.values().stream().map(Known::type).anyMatch(MessageJson::isPersonal);
	}

	/**
	 * Reads a record.
	 * @throws UnreadableMessageException if it is not a known message of its topic
	 */
	public Received<Message> read(ConsumerRecord<byte[], byte[]> source) {
		Map<String, String> headers = MessageHeaders.read(source.headers());
		UUID eventId = MessageHeaders.eventId(headers);
		if (eventId == null) {
			throw new UnreadableMessageException("The header " + MessageHeaders.ID + " is missing or not a UUID");
		}
		String version = headers.get(MessageHeaders.SPEC_VERSION);
		if (version != null && !version.equals("1.0")) {
			throw new UnreadableMessageException("The header " + MessageHeaders.SPEC_VERSION + " is not 1.0");
		}
		String typeName = headers.get(MessageHeaders.TYPE);
		if (typeName == null) {
			throw new UnreadableMessageException("The header " + MessageHeaders.TYPE + " is missing");
		}
		Known type = this.known.get(typeName);
		if (type == null) {
			throw new UnreadableMessageException("Unknown type " + typeName);
		}
		if (!type.topic().equals(source.topic())) {
			throw new UnreadableMessageException("The type " + typeName + " does not belong to this topic");
		}
		byte[] payload = source.value();
		if (payload == null) {
			throw new UnreadableMessageException("There is no payload");
		}
		return new Received<>(eventId, MessageJson.read(payload, type.type()), MessageHeaders.context(headers, eventId),
				MessageHeaders.at(headers, source.timestamp()));
	}

	boolean takes(Received<?> received) {
		return this.taken.containsKey(received.message().getClass());
	}

	/** Calls the handler with the messages that it takes, and skips the others. */
	public void handle(List<Received<Message>> batch) {
		List<Object> ours = new ArrayList<>(batch.size());
		for (Received<Message> received : batch) {
			Function<Received<?>, Object> as = this.taken.get(received.message().getClass());
			if (as != null) {
				ours.add(as.apply(received));
			}
		}
		if (!ours.isEmpty()) {
			this.handler.handle(ours);
		}
	}

}
