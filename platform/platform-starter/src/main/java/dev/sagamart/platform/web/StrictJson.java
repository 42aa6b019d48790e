package dev.sagamart.platform.web;

import java.util.UUID;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads the JSON of clients strictly: no unknown or repeated fields, nothing after the
 * value, no conversion between JSON types, no text that cannot be stored. Messages and
 * answers of other services use other mappers, since they may get new fields.
 */
final class StrictJson {

	private StrictJson() {
	}

	static JsonMapper of(JsonMapper mapper) {
		return mapper.rebuild()
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
					DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
			.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
			.withCoercionConfigDefaults((coercion) -> {
				for (CoercionInputShape shape : CoercionInputShape.values()) {
					coercion.setCoercion(shape, CoercionAction.Fail);
				}
			})
			.addModule(new SimpleModule("sagamart-strict").addDeserializer(String.class, new TextReader())
				.addDeserializer(UUID.class, new UuidReader()))
			.build();
	}

	/** A text that PostgreSQL cannot store. */
	static final class UnstorableTextException extends MismatchedInputException {

		UnstorableTextException(JsonParser parser) {
			super(parser, "Text with NUL or half a surrogate pair", String.class);
		}

	}

	private static final class TextReader extends StdScalarDeserializer<String> {

		TextReader() {
			super(String.class);
		}

		@Override
		public String deserialize(JsonParser parser, DeserializationContext context) {
			if (!parser.hasToken(JsonToken.VALUE_STRING)) {
				return (String) context.handleUnexpectedToken(String.class, parser);
			}
			String text = parser.getString();
			if (!StorableText.isStorable(text)) {
				throw new UnstorableTextException(parser);
			}
			return text;
		}

	}

	private static final class UuidReader extends StdScalarDeserializer<UUID> {

		UuidReader() {
			super(UUID.class);
		}

		@Override
		public UUID deserialize(JsonParser parser, DeserializationContext context) {
			if (!parser.hasToken(JsonToken.VALUE_STRING)) {
				return (UUID) context.handleUnexpectedToken(UUID.class, parser);
			}
			String text = parser.getString();
			if (!StrictUuid.isCanonical(text)) {
				return (UUID) context.handleWeirdStringValue(UUID.class, text, "not a UUID");
			}
			return UUID.fromString(text);
		}

	}

}
