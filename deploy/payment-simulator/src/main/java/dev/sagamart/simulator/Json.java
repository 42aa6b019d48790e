package dev.sagamart.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object. */
final class Json {

	private final StringBuilder text = new StringBuilder(768).append('{');

	Json put(String name, @Nullable String value) {
		name(name);
		if (value == null) {
			this.text.append("null");
		}
		else {
			string(value);
		}
		return this;
	}

	Json put(String name, @Nullable Long value) {
		name(name);
		this.text.append(value);
		return this;
	}

	Json put(String name, boolean value) {
		name(name);
		this.text.append(value);
		return this;
	}

	/** A member whose value is JSON already. */
	Json raw(String name, Object json) {
		name(name);
		this.text.append(json);
		return this;
	}

	Json put(String name, Map<String, String> values) {
		Json object = new Json();
		values.forEach(object::put);
		return raw(name, object);
	}

	private void name(String name) {
		if (this.text.length() > 1) {
			this.text.append(',');
		}
		string(name);
		this.text.append(':');
	}

	private void string(String value) {
		this.text.append('"');
		for (int i = 0; i < value.length(); i++) {
			char letter = value.charAt(i);
			if (letter == '"' || letter == '\\') {
				this.text.append('\\').append(letter);
			}
			else if (letter < ' ') {
				this.text.append("\\u%04x".formatted((int) letter));
			}
			else {
				this.text.append(letter);
			}
		}
		this.text.append('"');
	}

	/** The whole object; nothing may be added afterwards. */
	@Override
	public String toString() {
		return this.text + "}";
	}

}
