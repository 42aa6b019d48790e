package dev.sagamart.e2e.contract;

import dev.sagamart.e2e.contract.OpenApi.Operation;
import dev.sagamart.e2e.contract.OpenApi.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Generates requests from an OpenAPI document: valid ones, and ones with one or more
 * errors. The same seed generates the same requests.
 */
final class Generator {

	/** For each pattern of the contract, one of these texts matches. */
	private static final List<String> VALID_TEXTS = List.of("pm_card_visa", "EUR", "DE", "toys", "en-GB", "10115",
			"A text");

	private static final List<String> UNUSUAL_TEXTS = List.of("", " ", "\u0000", "a\u0000b", "\ud800", "\udc00\ud800",
			"\u202e", "\ufeff", "💣".repeat(40), "e\u0301", "ﬁ", "İ", "\\", "\"", "'", "' OR 1=1 --", "%00",
			"../../etc/passwd", "${jndi:ldap://x}", "{{7*7}}", "<script>", "\r\nX-A: b", "null", "true", "-1", "1e400",
			"NaN", "x".repeat(300), "x".repeat(5000), "ÿþ", "1-1-1-1-1", "00000000-0000-0000-0000-000000000000",
			"2026-13-45T99:99:99Z", "eur", "XXX", "XTS", "\t", "\u2028");

	private static final List<String> UNUSUAL_VALUES = List.of("null", "true", "false", "0", "-0", "-1", "1", "1.5",
			"1e0", "1e400", "1e-400", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
			"99999999999999999999999999", "[]", "{}", "[[]]", "[null]", "{\"\":null}", "\"\"", "\"1\"", "NaN",
			"Infinity", "0x1", "01", "'a'", "\"\\u0000\"", "\"\\ud800\"", "\"\\q\"", "{\"a\":1,\"a\":2}", "undefined",
			"", "[".repeat(70) + "]".repeat(70));

	private static final List<String> CONTENT_TYPES = List.of("application/json", "application/json; charset=utf-8",
			"application/json; charset=utf-16", "text/plain", "application/xml", "application/x-www-form-urlencoded",
			"a/b", "", "application/problem+json", "application/json;q=", "*/*");

	private static final List<String> ACCEPTED = List.of("application/json", "*/*", "application/*", "application/xml",
			"text/html", "text/event-stream", "image/*", "a", "application/json;q=0", "application/problem+json");

	private final OpenApi api;

	private final Random random;

	private final Map<String, List<String>> knownIds;

	/**
	 * Creates a generator.
	 * @param knownIds existing ids by the name of a parameter or field
	 */
	Generator(OpenApi api, Random random, Map<String, List<String>> knownIds) {
		this.api = api;
		this.random = random;
		this.knownIds = knownIds;
	}

	/** A request without a token. */
	record GeneratedRequest(String method, String target, Map<String, String> headers, byte @Nullable [] body) {

		@Override
		public String toString() {
			String text = (this.body != null) ? new String(this.body, StandardCharsets.UTF_8) : "";
			return this.method + " " + this.target + " " + this.headers + " "
					+ ((text.length() > 600) ? text.substring(0, 600) + "…" : text);
		}

	}

	/** A request that is valid according to the schema. */
	GeneratedRequest validRequest(Operation operation) {
		return make(operation, false);
	}

	/** A request with invalid or unusual parts. */
	GeneratedRequest mutatedRequest(Operation operation) {
		return make(operation, true);
	}

	private GeneratedRequest make(Operation operation, boolean mutate) {
		String path = operation.path();
		List<String> query = new ArrayList<>();
		Map<String, String> headers = new LinkedHashMap<>();
		for (Parameter parameter : operation.parameters()) {
			String value = mutate && chance(5) ? pick(UNUSUAL_TEXTS) : text(parameter.name(), parameter.schema());
			switch (parameter.in()) {
				case "path" ->
					path = path.replace("{" + parameter.name() + "}", encoded(value.isEmpty() ? "x" : value));
				case "query" -> {
					if (parameter.required() ? !(mutate && chance(10)) : chance(3)) {
						query.add(parameter.name() + "=" + encoded(value));
					}
				}
				default -> {
					if ((parameter.required() && !(mutate && chance(10))) || chance(4)) {
						headers.put(parameter.name(), value.replaceAll("[^\\x20-\\x7e]", "~"));
					}
				}
			}
		}
		if (mutate && chance(20)) {
			query.add(encoded(pick(UNUSUAL_TEXTS)) + "=" + encoded(pick(UNUSUAL_TEXTS)));
		}
		if (mutate && chance(8)) {
			headers.put("Accept", pick(ACCEPTED));
		}
		byte[] body = null;
		if (operation.body() != null) {
			StringBuilder json = new StringBuilder();
			write(operation.body(), "", mutate, json);
			body = json.toString().getBytes(StandardCharsets.UTF_8);
			headers.put("Content-Type", (mutate && chance(20)) ? pick(CONTENT_TYPES) : "application/json");
			if (mutate && chance(12)) {
				body = corrupted(body);
			}
		}
		return new GeneratedRequest(operation.method(), path + (query.isEmpty() ? "" : "?" + String.join("&", query)),
				headers, body);
	}

	private byte[] corrupted(byte[] body) {
		byte[] corrupted = body.clone();
		switch (this.random.nextInt(4)) {
			case 0 -> {
				return java.util.Arrays.copyOf(corrupted, this.random.nextInt(corrupted.length + 1));
			}
			case 1 -> {
				return (new String(corrupted, StandardCharsets.UTF_8) + pick(UNUSUAL_VALUES))
					.getBytes(StandardCharsets.UTF_8);
			}
			case 2 -> {
				return new String(corrupted, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
			}
			default -> {
				for (int i = 0; i <= this.random.nextInt(4) && corrupted.length > 0; i++) {
					corrupted[this.random.nextInt(corrupted.length)] = (byte) this.random.nextInt(256);
				}
				return corrupted;
			}
		}
	}

	private void write(JsonNode unresolved, String name, boolean mutate, StringBuilder json) {
		if (mutate && chance(14)) {
			json.append(pick(UNUSUAL_VALUES));
			return;
		}
		JsonNode schema = this.api.resolve(unresolved);
		JsonNode choice = schema.path("oneOf");
		if (!choice.isEmpty()) {
			write(choice.get(chance(3) ? choice.size() - 1 : 0), name, mutate, json);
			return;
		}
		List<String> types = OpenApi.types(schema);
		if (types.contains("null") && chance(4)) {
			json.append("null");
			return;
		}
		switch (types.isEmpty() ? "object" : types.getFirst()) {
			case "integer", "number" -> json.append(number(schema));
			case "boolean" -> json.append(this.random.nextBoolean());
			case "array" -> writeArray(schema, name, mutate, json);
			case "object" -> writeObject(schema, mutate, json);
			default -> json.append(quoted(mutate && chance(8) ? pick(UNUSUAL_TEXTS) : text(name, schema)));
		}
	}

	private void writeArray(JsonNode schema, String name, boolean mutate, StringBuilder json) {
		int least = Math.max(1, schema.path("minItems").asInt(0));
		int size = mutate && chance(15) ? this.random.nextInt(60) : least + (chance(4) ? 1 : 0);
		json.append('[');
		for (int i = 0; i < size; i++) {
			json.append((i > 0) ? "," : "");
			write(schema.path("items"), name, mutate, json);
		}
		json.append(']');
	}

	private void writeObject(JsonNode schema, boolean mutate, StringBuilder json) {
		List<String> required = new ArrayList<>();
		schema.path("required").forEach((one) -> required.add(one.asString()));
		json.append('{');
		schema.path("properties").properties().forEach((property) -> {
			boolean there = required.contains(property.getKey()) ? !(mutate && chance(25)) : chance(2);
			if (there) {
				json.append((json.charAt(json.length() - 1) == '{') ? "" : ",")
					.append(quoted(property.getKey()))
					.append(':');
				write(property.getValue(), property.getKey(), mutate, json);
			}
		});
		if (mutate && chance(25)) {
			json.append((json.charAt(json.length() - 1) == '{') ? "" : ",")
				.append(quoted(pick(UNUSUAL_TEXTS)))
				.append(':')
				.append(pick(UNUSUAL_VALUES));
		}
		json.append('}');
	}

	private String number(JsonNode schema) {
		long least = schema.path("minimum").asLong(0);
		long most = schema.path("maximum").asLong(1000);
		return switch (this.random.nextInt(6)) {
			case 0 -> String.valueOf(least);
			case 1 -> String.valueOf(most);
			default -> String.valueOf(least + this.random.nextInt((int) Math.max(1, Math.min(5, most - least))));
		};
	}

	private String text(String name, JsonNode schema) {
		JsonNode values = schema.path("enum");
		if (!values.isEmpty()) {
			JsonNode value = values.get(this.random.nextInt(values.size()));
			return value.isNull() ? "" : value.asString();
		}
		if (OpenApi.types(schema).contains("integer")) {
			return number(schema);
		}
		if (schema.path("format").asString("").equals("uuid")) {
			List<String> known = this.knownIds.getOrDefault(name, List.of());
			return (known.isEmpty() || chance(6)) ? new UUID(this.random.nextLong(), this.random.nextLong()).toString()
					: pick(known);
		}
		List<String> known = this.knownIds.getOrDefault(name, List.of());
		String fresh = Long.toUnsignedString(this.random.nextLong(), 36);
		return switch (name) {
			case "email" -> chance(3) && !known.isEmpty() ? pick(known) : "fuzz-" + fresh + "@sagamart.example";
			case "password" -> "a-password-" + fresh;
			case "sku", "Idempotency-Key" -> (!known.isEmpty() && chance(5)) ? pick(known) : "F-" + fresh;
			case "country" -> "DE";
			case "currency" -> "EUR";
			case "sort" -> pick(List.of("name", "price", "-price", "newest"));
			default -> known.isEmpty() ? validText(schema) : pick(known);
		};
	}

	private static String validText(JsonNode schema) {
		Pattern pattern = Pattern.compile(schema.path("pattern").asString(""));
		String text = VALID_TEXTS.stream().filter((one) -> pattern.matcher(one).find()).findFirst().orElse("x");
		int least = schema.path("minLength").asInt(0);
		return (text.length() < least) ? text + "x".repeat(least - text.length()) : text;
	}

	/** A JSON string; escapes invalid surrogates too. */
	private static String quoted(String text) {
		StringBuilder json = new StringBuilder("\"");
		for (char c : text.toCharArray()) {
			if (c == '"' || c == '\\') {
				json.append('\\').append(c);
			}
			else if (c < ' ' || Character.isSurrogate(c)) {
				json.append(String.format("\\u%04x", (int) c));
			}
			else {
				json.append(c);
			}
		}
		return json.append('"').toString();
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/** True with the probability 1/n. */
	private boolean chance(int n) {
		return this.random.nextInt(n) == 0;
	}

	private <T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

}
