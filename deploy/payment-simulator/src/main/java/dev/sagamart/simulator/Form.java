package dev.sagamart.simulator;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form-encoded request, the format of Stripe's API.
 *
 * @param fields the values by name; nested names stay as sent
 * ({@code metadata[order_id]})
 */
record Form(SortedMap<String, String> fields) {

	static Form empty() {
		return new Form(new TreeMap<>());
	}

	/**
	 * Reads fields.
	 * @throws IllegalArgumentException if an escape is malformed
	 */
	static Form parse(@Nullable String text) {
		Form form = empty();
		if (text == null || text.isEmpty()) {
			return form;
		}
		int start = 0;
		while (start <= text.length()) {
			int end = text.indexOf('&', start);
			if (end < 0) {
				end = text.length();
			}
			String field = text.substring(start, end);
			int equals = field.indexOf('=');
			if (equals >= 0) {
				form.add(decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
			}
			start = end + 1;
		}
		return form;
	}

	/** Numbers the elements of a list that are sent as {@code name[]}. */
	private void add(String name, String value) {
		String full = name;
		for (int i = 0; name.endsWith("[]") && (i == 0 || this.fields.containsKey(full)) && i < 100; i++) {
			full = name.substring(0, name.length() - 1) + i + "]";
		}
		this.fields.put(full, value);
	}

	Form putAll(Map<String, String> values) {
		this.fields.putAll(values);
		return this;
	}

	@Nullable String get(String name) {
		return this.fields.get(name);
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

	String encode() {
		StringBuilder text = new StringBuilder(256);
		this.fields.forEach((name, value) -> {
			if (!text.isEmpty()) {
				text.append('&');
			}
			text.append(encode(name)).append('=').append(encode(value));
		});
		return text.toString();
	}

	private static String decode(String text) {
		return isPlain(text) ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	private static String encode(String text) {
		return isPlain(text) ? text : URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private static boolean isPlain(String text) {
		return text.chars()
			.allMatch((letter) -> (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
					|| (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.');
	}

}
