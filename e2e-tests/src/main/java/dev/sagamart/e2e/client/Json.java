package dev.sagamart.e2e.client;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes JSON; ignores unknown fields of replies.
 */
public final class Json {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private Json() {
	}

	public static <T> T read(String text, Class<T> type) {
		return MAPPER.readValue(text, type);
	}

	/** The items of a list reply. */
	public static <T> java.util.List<T> items(JsonNode list, Class<T> type) {
		JavaType items = MAPPER.getTypeFactory().constructCollectionType(java.util.List.class, type);
		return MAPPER.treeToValue(list.path("items"), items);
	}

	public static <T> T convert(JsonNode node, TypeReference<T> type) {
		return MAPPER.treeToValue(node, type);
	}

	public static JsonNode tree(String text) {
		return MAPPER.readTree(text);
	}

	public static String write(Object value) {
		return MAPPER.writeValueAsString(value);
	}

}
