package dev.sagamart.simulator;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form-encoded request, the format of Stripe's API.
 *
 * @param fields the values by name; nested names stay as sent
 * ({@code metadata[order_id]})
 */
record Form(SortedMap<String, String> fields) {

	/**
	 * Reads fields.
	 * @throws Refusal if an escape is malformed
	 */
	static Form parse(@Nullable String text) {
		Form form = new Form(new TreeMap<>());
		if (text == null) {
			return form;
		}
		try {
			for (String field : text.split("&", -1)) {
				int equals = field.indexOf('=');
				if (equals >= 0) {
					form.add(URLDecoder.decode(field.substring(0, equals), StandardCharsets.UTF_8),
							URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
				}
			}
			return form;
		}
		catch (IllegalArgumentException ex) {
			throw Refusal.invalid(400, null, null, "Invalid request body.");
		}
	}

	/** Numbers the elements of a list that are sent as {@code name[]}. */
	private void add(String name, String value) {
		String full = name;
		for (int i = 0; name.endsWith("[]") && (i == 0 || this.fields.containsKey(full)) && i < 100; i++) {
			full = name.substring(0, name.length() - 1) + i + "]";
		}
		this.fields.put(full, value);
	}

	@Nullable String get(String name) {
		return this.fields.get(name);
	}

	Optional<String> find(String name) {
		return Optional.ofNullable(get(name));
	}

	/**
	 * A whole number.
	 * @throws Refusal if the field is something else
	 */
	long number(String name, long defaultValue) {
		String text = get(name);
		try {
			return (text != null) ? Long.parseLong(text) : defaultValue;
		}
		catch (NumberFormatException ex) {
			throw Refusal.invalid(400, "parameter_invalid_integer", name, "Invalid integer: " + text);
		}
	}

	/** The fields {@code prefix[name]} by name. */
	Map<String, String> nested(String prefix) {
		SortedMap<String, String> nested = new TreeMap<>();
		this.fields.tailMap(prefix + "[").forEach((name, value) -> {
			if (name.startsWith(prefix + "[") && name.endsWith("]")) {
				nested.put(name.substring(prefix.length() + 1, name.length() - 1), value);
			}
		});
		return nested;
	}

	/** Whether the caller requests an object instead of its id. */
	boolean expands(String path) {
		return nested("expand").containsValue(path);
	}

	/** Writes fields as {@link #parse} reads them. */
	static String encode(Map<String, String> fields) {
		return fields.entrySet()
			.stream()
			.map((field) -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
					+ URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
	}

}
