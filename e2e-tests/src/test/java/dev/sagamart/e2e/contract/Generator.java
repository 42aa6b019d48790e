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
 * Makes requests from an OpenAPI document: such as fit it, and such as have one thing or
 * several wrong. The same seed makes the same requests.
 */
final class Generator {

	/** Texts of which one fits each pattern of the contract. */
	private static final List<String> FITTING = List.of("pm_card_visa", "EUR", "DE", "toys", "en-GB", "10115",
			"A text");

	private static final List<String> ODD_TEXTS = List.of("", " ", "\u0000", "a\u0000b", "\ud800", "\udc00\ud800",
			"\u202e", "\ufeff", "💣".repeat(40), "e\u0301", "ﬁ", "İ", "\\", "\"", "'", "' OR 1=1 --", "%00",
			"../../etc/passwd", "${jndi:ldap://x}", "{{7*7}}", "<script>", "\r\nX-A: b", "null", "true", "-1", "1e400",
			"NaN", "x".repeat(300), "x".repeat(5000), "ÿþ", "1-1-1-1-1", "00000000-0000-0000-0000-000000000000",
			"2026-13-45T99:99:99Z", "eur", "XXX", "XTS", "\t", "\u2028");

	private static final List<String> ODD_VALUES = List.of("null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e0",
			"1e400", "1e-400", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
			"99999999999999999999999999", "[]", "{}", "[[]]", "[null]", "{\"\":null}", "\"\"", "\"1\"", "NaN",
			"Infinity", "0x1", "01", "'a'", "\"\\u0000\"", "\"\\ud800\"", "\"\\q\"", "{\"a\":1,\"a\":2}", "undefined",
			"", "[".repeat(70) + "]".repeat(70));

	private static final List<String> METHOD_TYPES = List.of("application/json", "application/json; charset=utf-8",
			"application/json; charset=utf-16", "text/plain", "application/xml", "application/x-www-form-urlencoded",
			"a/b", "", "application/problem+json", "application/json;q=", "*/*");

	private static final List<String> ACCEPTED = List.of("application/json", "*/*", "application/*", "application/xml",
			"text/html", "text/event-stream", "image/*", "a", "application/json;q=0", "application/problem+json");

	private final OpenApi api;

	private final Random random;

	private final Map<String, List<String>> knownIds;

	/**
	 * Makes a generator.
	 * @param knownIds ids of things that are there, by the name of a parameter or field
	 */
	Generator(OpenApi api, Random random, Map<String, List<String>> knownIds) {
		this.api = api;
		this.random = random;
		this.knownIds = knownIds;
	}

	/** A request, without a token. */
	record Made(String method, String target, Map<String, String> headers, byte @Nullable [] body) {

		@Override
		public String toString() {
			String text = (this.body != null) ? new String(this.body, StandardCharsets.UTF_8) : "";
			return this.method + " " + this.target + " " + this.headers + " "
					+ ((text.length() > 600) ? text.substring(0, 600) + "…" : text);
		}

	}

	/** A request that fits, as far as a schema can tell. */
	Made fitting(Operation operation) {
		return make(operation, false);
	}

	/** A request of which about a third of the parts are odd. */
	Made odd(Operation operation) {
		return make(operation, true);
	}

	private Made make(Operation operation, boolean odd) {
		String path = operation.path();
		List<String> query = new ArrayList<>();
		Map<String, String> headers = new LinkedHashMap<>();
		for (Parameter parameter : operation.parameters()) {
			String value = odd && chance(5) ? one(ODD_TEXTS) : text(parameter.name(), parameter.schema());
			switch (parameter.in()) {
				case "path" ->
					path = path.replace("{" + parameter.name() + "}", encoded(value.isEmpty() ? "x" : value));
				case "query" -> {
					if (parameter.required() ? !(odd && chance(10)) : chance(3)) {
						query.add(parameter.name() + "=" + encoded(value));
					}
				}
				default -> {
					if ((parameter.required() && !(odd && chance(10))) || chance(4)) {
						headers.put(parameter.name(), value.replaceAll("[^\\x20-\\x7e]", "~"));
					}
				}
			}
		}
		if (odd && chance(20)) {
			query.add(encoded(one(ODD_TEXTS)) + "=" + encoded(one(ODD_TEXTS)));
		}
		if (odd && chance(8)) {
			headers.put("Accept", one(ACCEPTED));
		}
		byte[] body = null;
		if (operation.body() != null) {
			StringBuilder json = new StringBuilder();
			write(operation.body(), "", odd, json);
			body = json.toString().getBytes(StandardCharsets.UTF_8);
			headers.put("Content-Type", (odd && chance(20)) ? one(METHOD_TYPES) : "application/json");
			if (odd && chance(12)) {
				body = damaged(body);
			}
		}
		return new Made(operation.method(), path + (query.isEmpty() ? "" : "?" + String.join("&", query)), headers,
				body);
	}

	private byte[] damaged(byte[] body) {
		byte[] damaged = body.clone();
		switch (this.random.nextInt(4)) {
			case 0 -> {
				return java.util.Arrays.copyOf(damaged, this.random.nextInt(damaged.length + 1));
			}
			case 1 -> {
				return (new String(damaged, StandardCharsets.UTF_8) + one(ODD_VALUES)).getBytes(StandardCharsets.UTF_8);
			}
			case 2 -> {
				return new String(damaged, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
			}
			default -> {
				for (int i = 0; i <= this.random.nextInt(4) && damaged.length > 0; i++) {
					damaged[this.random.nextInt(damaged.length)] = (byte) this.random.nextInt(256);
				}
				return damaged;
			}
		}
	}

	private void write(JsonNode unresolved, String name, boolean odd, StringBuilder json) {
		if (odd && chance(14)) {
			json.append(one(ODD_VALUES));
			return;
		}
		JsonNode schema = this.api.resolve(unresolved);
		JsonNode choice = schema.path("oneOf");
		if (!choice.isEmpty()) {
			write(choice.get(chance(3) ? choice.size() - 1 : 0), name, odd, json);
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
			case "array" -> writeArray(schema, name, odd, json);
			case "object" -> writeObject(schema, odd, json);
			default -> json.append(quoted(odd && chance(8) ? one(ODD_TEXTS) : text(name, schema)));
		}
	}

	private void writeArray(JsonNode schema, String name, boolean odd, StringBuilder json) {
		int least = Math.max(1, schema.path("minItems").asInt(0));
		int size = odd && chance(15) ? this.random.nextInt(60) : least + (chance(4) ? 1 : 0);
		json.append('[');
		for (int i = 0; i < size; i++) {
			json.append((i > 0) ? "," : "");
			write(schema.path("items"), name, odd, json);
		}
		json.append(']');
	}

	private void writeObject(JsonNode schema, boolean odd, StringBuilder json) {
		List<String> required = new ArrayList<>();
		schema.path("required").forEach((one) -> required.add(one.asString()));
		json.append('{');
		schema.path("properties").properties().forEach((property) -> {
			boolean there = required.contains(property.getKey()) ? !(odd && chance(25)) : chance(2);
			if (there) {
				json.append((json.charAt(json.length() - 1) == '{') ? "" : ",")
					.append(quoted(property.getKey()))
					.append(':');
				write(property.getValue(), property.getKey(), odd, json);
			}
		});
		if (odd && chance(25)) {
			json.append((json.charAt(json.length() - 1) == '{') ? "" : ",")
				.append(quoted(one(ODD_TEXTS)))
				.append(':')
				.append(one(ODD_VALUES));
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
					: one(known);
		}
		List<String> known = this.knownIds.getOrDefault(name, List.of());
		String fresh = Long.toUnsignedString(this.random.nextLong(), 36);
		return switch (name) {
			case "email" -> chance(3) && !known.isEmpty() ? one(known) : "fuzz-" + fresh + "@sagamart.example";
			case "password" -> "a-password-" + fresh;
			case "sku", "Idempotency-Key" -> (!known.isEmpty() && chance(5)) ? one(known) : "F-" + fresh;
			case "country" -> "DE";
			case "currency" -> "EUR";
			case "sort" -> one(List.of("name", "price", "-price", "newest"));
			default -> known.isEmpty() ? fitting(schema) : one(known);
		};
	}

	private static String fitting(JsonNode schema) {
		Pattern pattern = Pattern.compile(schema.path("pattern").asString(""));
		String text = FITTING.stream().filter((one) -> pattern.matcher(one).find()).findFirst().orElse("x");
		int least = schema.path("minLength").asInt(0);
		return (text.length() < least) ? text + "x".repeat(least - text.length()) : text;
	}

	/** JSON, also of what no well-formed text has. */
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

	/** True in one case of so many. */
	private boolean chance(int of) {
		return this.random.nextInt(of) == 0;
	}

	private <T> T one(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

}
