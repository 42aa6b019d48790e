package dev.sagamart.e2e.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A service's OpenAPI 3.1 document: reads its operations and validates values against
 * schemas.
 */
final class OpenApi {

	private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

	private final JsonNode document;

	OpenApi(JsonNode document) {
		this.document = document;
	}

	/** A parameter of an operation. */
	record Parameter(String name, String in, boolean required, JsonNode schema) {
	}

	/**
	 * An operation.
	 *
	 * @param body the schema of the JSON request body, or null if it has none
	 * @param responses the content of the responses by status
	 */
	record Operation(String method, String path, List<Parameter> parameters, @Nullable JsonNode body,
			Map<Integer, JsonNode> responses, Set<String> roles, boolean open) {

		@Override
		public String toString() {
			return this.method + " " + this.path;
		}

		boolean has(String parameter) {
			return this.parameters.stream().anyMatch((one) -> one.name().equals(parameter));
		}

		/** Whether a response may be an endless stream. */
		boolean isStream() {
			return this.responses.values().stream().anyMatch((content) -> content.has("text/event-stream"));
		}

	}

	List<Operation> operations() {
		List<Operation> operations = new ArrayList<>();
		this.document.path("paths").properties().forEach((path) -> path.getValue().properties().forEach((operation) -> {
			if (METHODS.contains(operation.getKey())) {
				operations.add(read(operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue(),
						path.getValue().path("parameters")));
			}
		}));
		return operations;
	}

	/** The statuses that every operation may have. */
	Set<Integer> commonStatuses() {
		Set<Integer> statuses = new TreeSet<>();
		this.document.path("x-common-responses")
			.propertyNames()
			.forEach((status) -> statuses.add(Integer.parseInt(status)));
		return statuses;
	}

	/** The schema of all errors. */
	JsonNode problem() {
		return this.document.at("/components/schemas/Problem");
	}

	private Operation read(String method, String path, JsonNode operation, JsonNode shared) {
		List<Parameter> parameters = new ArrayList<>();
		for (JsonNode list : List.of(shared, operation.path("parameters"))) {
			list.forEach((parameter) -> parameters
				.add(new Parameter(parameter.path("name").asString(), parameter.path("in").asString(),
						parameter.path("required").asBoolean(false), resolve(parameter.path("schema")))));
		}
		Map<Integer, JsonNode> responses = new HashMap<>();
		operation.path("responses")
			.properties()
			.forEach((response) -> responses.put(Integer.parseInt(response.getKey()),
					response.getValue().path("content")));
		JsonNode body = operation.path("requestBody").path("content").path("application/json").path("schema");
		Set<String> roles = new HashSet<>();
		operation.path("security")
			.forEach((scheme) -> scheme.path("bearer").forEach((role) -> roles.add(role.asString())));
		return new Operation(method, path, parameters, body.isMissingNode() ? null : body, responses, roles,
				operation.path("security").isEmpty());
	}

	/** Follows the references of a schema. */
	JsonNode resolve(JsonNode schema) {
		JsonNode meant = schema;
		while (meant.has("$ref")) {
			meant = this.document.at(meant.path("$ref").asString().substring(1));
		}
		return meant;
	}

	/** The violations of a schema by a value, as sentences. */
	List<String> schemaViolations(JsonNode schema, JsonNode value) {
		List<String> schemaViolations = new ArrayList<>();
		check(resolve(schema), value, "", schemaViolations);
		return schemaViolations;
	}

	private void check(JsonNode schema, JsonNode value, String at, List<String> schemaViolations) {
		for (String choice : List.of("oneOf", "anyOf")) {
			if (schema.has(choice)) {
				boolean fits = false;
				for (JsonNode one : schema.path(choice)) {
					fits |= schemaViolations(one, value).isEmpty();
				}
				expect(fits, at, "matches none of " + choice, schemaViolations);
			}
		}
		schema.path("allOf").forEach((one) -> check(resolve(one), value, at, schemaViolations));
		List<String> types = types(schema);
		if (!types.isEmpty() && types.stream().noneMatch((type) -> isOf(value, type))) {
			schemaViolations.add(at + " is " + value + " and not " + types);
			return;
		}
		if (schema.has("enum")) {
			boolean known = false;
			for (JsonNode one : schema.path("enum")) {
				known |= one.equals(value);
			}
			expect(known, at, "is " + value + " and none of " + schema.path("enum"), schemaViolations);
		}
		if (value.isObject()) {
			schema.path("required")
				.forEach((name) -> expect(value.has(name.asString()), at, "has no " + name, schemaViolations));
			value.properties().forEach((field) -> {
				JsonNode property = schema.path("properties").path(field.getKey());
				JsonNode others = schema.path("additionalProperties");
				if (!property.isMissingNode()) {
					check(resolve(property), field.getValue(), at + "/" + field.getKey(), schemaViolations);
				}
				else if (others.isObject()) {
					check(resolve(others), field.getValue(), at + "/" + field.getKey(), schemaViolations);
				}
				else if (schema.has("properties")) {
					schemaViolations.add(at + " has an undocumented " + field.getKey());
				}
			});
		}
		if (value.isArray() && schema.has("items")) {
			JsonNode items = resolve(schema.path("items"));
			for (int i = 0; i < value.size(); i++) {
				check(items, value.get(i), at + "/" + i, schemaViolations);
			}
		}
		if (value.isString()) {
			checkText(schema, value.asString(), at, schemaViolations);
		}
		if (value.isNumber()) {
			expect(!schema.has("minimum") || value.asDouble() >= schema.path("minimum").asDouble(), at,
					"is too small: " + value, schemaViolations);
			expect(!schema.has("maximum") || value.asDouble() <= schema.path("maximum").asDouble(), at,
					"is too large: " + value, schemaViolations);
		}
	}

	private static void checkText(JsonNode schema, String text, String at, List<String> schemaViolations) {
		expect(!schema.has("pattern")
				|| java.util.regex.Pattern.compile(schema.path("pattern").asString()).matcher(text).find(), at,
				"does not match " + schema.path("pattern") + ": " + text, schemaViolations);
		switch (schema.path("format").asString("")) {
			case "uuid" -> expect(text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), at,
					"is not an id: " + text, schemaViolations);
			case "date-time" -> expect(text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"), at,
					"is not a time: " + text, schemaViolations);
			default -> {
			}
		}
	}

	private static void expect(boolean fits, String at, String violation, List<String> schemaViolations) {
		if (!fits) {
			schemaViolations.add((at.isEmpty() ? "It" : at) + " " + violation);
		}
	}

	/** The allowed types of a schema; empty if all are allowed. */
	static List<String> types(JsonNode schema) {
		JsonNode type = schema.path("type");
		List<String> types = new ArrayList<>();
		if (type.isString()) {
			types.add(type.asString());
		}
		type.forEach((one) -> types.add(one.asString()));
		return types;
	}

	private static boolean isOf(JsonNode value, String type) {
		return switch (type) {
			case "null" -> value.isNull();
			case "string" -> value.isString();
			case "integer" -> value.isIntegralNumber();
			case "number" -> value.isNumber();
			case "boolean" -> value.isBoolean();
			case "array" -> value.isArray();
			case "object" -> value.isObject();
			default -> false;
		};
	}

}
