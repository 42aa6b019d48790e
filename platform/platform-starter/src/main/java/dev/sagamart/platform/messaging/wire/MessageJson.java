package dev.sagamart.platform.messaging.wire;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.Personal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of messages, independent of the JSON settings of the web layer. Unknown
 * fields are ignored, so that senders can add fields; everything else that does not match
 * the type is refused.
 */
public final class MessageJson {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
		.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
		.addModule(new SimpleModule().addDeserializer(Instant.class, new IsoInstantDeserializer()))
		.build();

	private static final ClassValue<Component[]> COMPONENTS = new ClassValue<>() {
		@Override
		protected Component[] computeValue(Class<?> type) {
			RecordComponent[] components = type.getRecordComponents();
			Component[] result = new Component[components.length];
			for (int i = 0; i < components.length; i++) {
				result[i] = new Component(components[i],
						components[i].getAnnotatedType().isAnnotationPresent(Nullable.class));
			}
			return result;
		}
	};

	/** In place of what is personal. */
	public static final String MASK = "***";

	private MessageJson() {
	}

	public static byte[] write(Object value) {
		return JSON.writeValueAsBytes(value);
	}

	public static String writeText(Object value) {
		return JSON.writeValueAsString(value);
	}

	public static <T> T read(String json, TypeReference<T> type) {
		return JSON.readValue(json, type);
	}

	/**
	 * What may be shown of a payload: {@link Personal} components say nothing but that
	 * they are there. One that cannot be read may have them anywhere, so nothing of it is
	 * shown.
	 * @param type what it claims to be; {@code null} if that is unknown here, and so
	 * nothing of it is personal
	 */
	public static String masked(byte[] payload, @Nullable Class<? extends Message> type) {
		List<String> personal = (type != null) ? personal(type).toList() : List.of();
		if (personal.isEmpty()) {
			return MessageHeaders.text(payload);
		}
		try {
			if (JSON.readTree(payload) instanceof ObjectNode message) {
				personal.stream().filter(message::hasNonNull).forEach((name) -> message.put(name, MASK));
				return message.toString();
			}
		}
		catch (JacksonException _) {
			// as what is no message
		}
		return MASK;
	}

	/**
	 * Takes back what {@link #masked} did: {@link Personal} components that say nothing
	 * but that they are there come from the original.
	 * @param text what was masked, and perhaps changed
	 */
	public static byte[] unmasked(String text, byte @Nullable [] original, @Nullable Class<? extends Message> type) {
		byte[] payload = text.getBytes(StandardCharsets.UTF_8);
		try {
			if (original != null && type != null && JSON.readTree(payload) instanceof ObjectNode message
					&& JSON.readTree(original) instanceof ObjectNode before) {
				personal(type).filter((name) -> message.path(name).asString("").equals(MASK) && before.has(name))
					.forEach((name) -> message.set(name, before.get(name)));
				return write(message);
			}
		}
		catch (JacksonException _) {
			// One of them is not JSON.
		}
		return payload;
	}

	/** Whether messages of a type have {@link Personal} components. */
	public static boolean isPersonal(Class<? extends Message> type) {
		return personal(type).findAny().isPresent();
	}

	private static Stream<String> personal(Class<? extends Message> type) {
		return Arrays.stream(type.getRecordComponents())
			.filter((component) -> component.isAnnotationPresent(Personal.class))
			.map(RecordComponent::getName);
	}

	/**
	 * Reads a message.
	 * @throws UnreadableMessageException if it is not one of that type
	 */
	public static <M extends Message> M read(byte[] payload, Class<M> type) {
		M message;
		try {
			message = JSON.readValue(payload, type);
		}
		catch (JacksonException ex) {
			throw new UnreadableMessageException("The payload cannot be read: " + ex.getOriginalMessage(), ex);
		}
		if (message == null) {
			throw new UnreadableMessageException("The payload is null");
		}
		requireComplete((Record) message, "");
		return message;
	}

	private static void requireComplete(Record value, String path) {
		for (Component component : COMPONENTS.get(value.getClass())) {
			Object part = component.of(value);
			String name = path + component.component.getName();
			if (part == null && !component.nullable) {
				throw new UnreadableMessageException("The payload has no " + name);
			}
			requireComplete(part, name);
		}
	}

	private static void requireComplete(@Nullable Object part, String name) {
		if (part instanceof Record nested) {
			requireComplete(nested, name + ".");
		}
		else if (part instanceof Collection<?> items) {
			items.forEach((item) -> {
				if (item == null) {
					throw new UnreadableMessageException("The payload has nothing in the place of one of " + name);
				}
				requireComplete(item, name);
			});
		}
	}

	private record Component(RecordComponent component, boolean nullable) {

		@Nullable Object of(Record value) {
			try {
				return this.component.getAccessor().invoke(value);
			}
			catch (IllegalAccessException | InvocationTargetException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private static final class IsoInstantDeserializer extends StdDeserializer<Instant> {

		IsoInstantDeserializer() {
			super(Instant.class);
		}

		@Override
		public Instant deserialize(JsonParser parser, DeserializationContext context) {
			if (parser.hasToken(JsonToken.VALUE_STRING)) {
				try {
					return Instant.parse(parser.getString());
				}
				catch (DateTimeException ex) {
					return (Instant) context.handleWeirdStringValue(Instant.class, parser.getString(),
							"not an ISO 8601 instant");
				}
			}
			return (Instant) context.handleUnexpectedToken(Instant.class, parser);
		}

	}

}
