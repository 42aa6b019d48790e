package dev.sagamart.events.compatibility;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Compares JSON schemas of two documents. What was written must still be written, and
 * what was read must still be read; beyond that, fields may be added.
 * <p>
 * Written by hand because the library for it, openapi-diff 2.1, does not see that a type
 * changes in documents of OpenAPI 3.1 (its issue 910).
 */
final class SchemaComparison {

	/** Who meets the new form of something. */
	enum Direction {

		/** Old readers read what is written now. */
		WRITTEN,

		/** What old writers wrote is read now. */
		READ

	}

	private static final List<String> FIXED = List.of("format", "const");

	private static final List<String> LIMITS = List.of("pattern", "minLength", "maxLength", "minimum", "maximum",
			"minItems", "maxItems");

	private final JsonNode before;

	private final JsonNode after;

	private final List<String> breaks;

	private final Set<List<Object>> compared = new HashSet<>();

	/**
	 * Compares schemas of these documents.
	 * @param breaks gets what is not compatible
	 */
	SchemaComparison(JsonNode before, JsonNode after, List<String> breaks) {
		this.before = before;
		this.after = after;
		this.breaks = breaks;
	}

	/** Compares two schemas, either of which may be missing. */
	void compare(String where, JsonNode was, JsonNode is, Direction direction) {
		if (was.isMissingNode() || !this.compared.add(List.of(was, is, direction))) {
			return;
		}
		JsonNode old = resolved(this.before, was);
		JsonNode now = resolved(this.after, is);
		requireWithin(where + ": type", types(was, old), types(is, now), direction);
		requireWithin(where + ": value", texts(old.path("enum")), texts(now.path("enum")), direction);
		for (String word : FIXED) {
			require(old.path(word).equals(now.path(word)), where + ": other " + word);
		}
		if (direction == Direction.READ) {
			for (String limit : LIMITS) {
				require(now.path(limit).isMissingNode() || old.path(limit).equals(now.path(limit)),
						where + ": other " + limit);
			}
		}
		compareProperties(where, old, now, direction);
		compare(where + "[]", old.path("items"), now.path("items"), direction);
	}

	private void compareProperties(String where, JsonNode old, JsonNode now, Direction direction) {
		old.path("properties").forEachEntry((name, property) -> {
			JsonNode same = now.path("properties").path(name);
			require(!same.isMissingNode(), where + "." + name + ": gone");
			if (!same.isMissingNode()) {
				compare(where + "." + name, property, same, direction);
			}
		});
		Set<String> lost = texts(old.path("required"));
		Set<String> added = texts(now.path("required"));
		if (direction == Direction.WRITTEN) {
			lost.removeAll(added);
			lost.forEach((name) -> this.breaks.add(where + "." + name + ": may be missing now"));
		}
		else {
			added.removeAll(lost);
			added.removeIf((name) -> mayBeNull(now.path("properties").path(name)));
			added.forEach((name) -> this.breaks.add(where + "." + name + ": has to be there now"));
		}
	}

	/** A field that is missing is read as {@code null}. */
	private boolean mayBeNull(JsonNode schema) {
		return types(schema, resolved(this.after, schema)).contains("null");
	}

	private void requireWithin(String what, Set<String> old, Set<String> now, Direction direction) {
		if (old.isEmpty() && now.isEmpty()) {
			return;
		}
		boolean within = (direction == Direction.WRITTEN) ? old.isEmpty() || (!now.isEmpty() && old.containsAll(now))
				: now.isEmpty() || (!old.isEmpty() && now.containsAll(old));
		require(within, what + " was one of " + old + ", is one of " + now);
	}

	void require(boolean condition, String otherwise) {
		if (!condition) {
			this.breaks.add(otherwise);
		}
	}

	/** The schema itself, without a reference and without the choice of {@code null}. */
	static JsonNode resolved(JsonNode document, JsonNode schema) {
		if (schema.has("$ref")) {
			return resolved(document, document.at(schema.path("$ref").asString().substring(1)));
		}
		return choices(schema).filter((choice) -> !isNull(choice))
			.findFirst()
			.map((choice) -> resolved(document, choice))
			.orElse(schema);
	}

	private static Set<String> types(JsonNode schema, JsonNode resolved) {
		Set<String> types = texts(resolved.path("type"));
		if (choices(schema).anyMatch(SchemaComparison::isNull)) {
			types.add("null");
		}
		return types;
	}

	private static Stream<JsonNode> choices(JsonNode schema) {
		return schema.path("oneOf").valueStream();
	}

	private static boolean isNull(JsonNode schema) {
		return texts(schema.path("type")).equals(Set.of("null"));
	}

	/** A text or texts; empty if there are none. */
	static Set<String> texts(JsonNode node) {
		List<String> texts = new ArrayList<>();
		(node.isArray() ? node : JsonNodeFactory.instance.arrayNode().add(node)).forEach((one) -> {
			if (!one.isMissingNode()) {
				texts.add(one.asString(""));
			}
		});
		return new HashSet<>(texts);
	}

}
