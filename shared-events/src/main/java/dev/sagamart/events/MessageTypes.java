package dev.sagamart.events;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every message there is, by wire name. Read once from the sealed families. */
public final class MessageTypes {

	private static final Map<String, Class<? extends Message>> BY_NAME = byName();

	private MessageTypes() {
	}

	/** All messages by wire name. */
	public static Map<String, Class<? extends Message>> all() {
		return BY_NAME;
	}

	/**
	 * The message with that wire name, or empty for a type or version that we do not
	 * know.
	 */
	public static Optional<Class<? extends Message>> find(String name) {
		return Optional.ofNullable(BY_NAME.get(name));
	}

	/** The wire name of a message. */
	public static String nameOf(Class<? extends Message> type) {
		MessageType name = type.getAnnotation(MessageType.class);
		if (name == null) {
			throw new IllegalArgumentException(type + " has no @MessageType");
		}
		return name.value();
	}

	/** The topic of a message: that of its family. */
	public static String topicOf(Class<? extends Message> type) {
		return Arrays.stream(type.getInterfaces())
			.map((family) -> family.getAnnotation(Topic.class))
			.filter((topic) -> topic != null)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(type + " belongs to no topic"))
			.value();
	}

	/** Fails if two messages have one name. */
	private static Map<String, Class<? extends Message>> byName() {
		return records(Message.class).collect(Collectors.toUnmodifiableMap(MessageTypes::nameOf, Function.identity()));
	}

	private static Stream<Class<? extends Message>> records(Class<?> type) {
		if (type.isRecord()) {
			return Stream.of(type.asSubclass(Message.class));
		}
		return Arrays.stream(type.getPermittedSubclasses()).flatMap(MessageTypes::records);
	}

}
