package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messages.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Declares, as a bean, that a handler receives messages. The starter runs the consumers,
 * two in each process unless {@code spring.kafka.listener.concurrency} says otherwise; a
 * new group begins with the oldest message there is. Two subscriptions of a service
 * cannot share a group.
 * <p>
 * A subscription says which messages it takes: whole families, whose members a
 * {@code switch} has to name, or single records. What else there is of their families is
 * passed over; anything else on their topics, such as a type that is not known here, is a
 * dead letter.
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
	 * Messages of several families or types, as what they are to the handler.
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
	 * @param as what such a message is to the handler; what it throws is as if the
	 * handler had thrown it
	 */
	public record Taken<M extends Message, T>(Class<M> type, Function<Received<M>, T> as) {

		public static <M extends Message, T> Taken<M, T> of(Class<M> type, Function<Received<M>, T> as) {
			return new Taken<>(type, as);
		}

	}

	/** A type of messages, and the topic that they belong on. */
	record Known(Class<? extends Message> type, String topic) {
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

	/** The names of its topics. */
	Set<String> topics() {
		return this.topics.keySet();
	}

	/** Its topics, as they are made. */
	Stream<Topic> topicsToMake() {
		return this.topics.values().stream();
	}

	/** The topic that gets the messages of a topic that a group gave up on. */
	static String deadLetters(String topic, String group) {
		return topic + "." + group + ".dlt";
	}

	/** The message with a wire name; {@code null} if its topics have none such. */
	@Nullable Known find(String name) {
		return this.known.get(name);
	}

	boolean takes(Received<?> received) {
		return this.taken.containsKey(received.message().getClass());
	}

	/** Gives messages that it takes to the handler. */
	void handle(List<Received<Message>> batch) {
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
