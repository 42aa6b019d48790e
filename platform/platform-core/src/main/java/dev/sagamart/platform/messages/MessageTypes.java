package dev.sagamart.platform.messages;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

public final class MessageTypes {

	private MessageTypes() {
	}

	/**
	 * Returns all messages of the given families by wire name.
	 * @param families records, or sealed interfaces of records
	 * @throws IllegalArgumentException if a type is neither, if a record has no
	 * {@link MessageType}, or if two records have the same one
	 */
	public static Map<String, Class<? extends Message>> byName(Stream<? extends Class<? extends Message>> families) {
		return families.flatMap(MessageTypes::records)
			.distinct()
			.collect(Collectors.toUnmodifiableMap(MessageTypes::nameOf, Function.identity(), (one, other) -> {
				throw new IllegalArgumentException(one + " and " + other + " have the same @MessageType");
			}));
	}

	public static String nameOf(Class<? extends Message> type) {
		MessageType name = type.getAnnotation(MessageType.class);
		if (name == null) {
			throw new IllegalArgumentException(type + " has no @MessageType");
		}
		return name.value();
	}

	public static Topic topicOf(Class<? extends Message> type) {
		return familyOf(type).getAnnotation(Topic.class);
	}

	/** Returns all messages that are sent on the topic of a message, by wire name. */
	public static Map<String, Class<? extends Message>> onTopicOf(Class<? extends Message> type) {
		return byName(Stream.of(familyOf(type)));
	}

	private static Class<? extends Message> familyOf(Class<?> type) {
		return withInterfaces(type).filter((candidate) -> candidate.isAnnotationPresent(Topic.class))
			.<Class<? extends Message>>map((candidate) -> candidate.asSubclass(Message.class))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(type + " belongs to no @Topic"));
	}

	private static Stream<Class<?>> withInterfaces(Class<?> type) {
		return Stream.concat(Stream.of(type),
				Arrays.stream(type.getInterfaces()).flatMap(MessageTypes::withInterfaces));
	}

	private static Stream<Class<? extends Message>> records(Class<?> type) {
		if (type.isRecord()) {
			return Stream.of(type.asSubclass(Message.class));
		}
		Class<?> @Nullable [] permitted = type.getPermittedSubclasses();
		if (permitted == null) {
			throw new IllegalArgumentException(type + " is neither a record nor a sealed interface of records");
		}
		return Arrays.stream(permitted).flatMap(MessageTypes::records);
	}

}
