package dev.sagamart.platform.web;

import java.beans.PropertyEditorSupport;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads UUIDs in their canonical form only; {@link UUID#fromString} also takes
 * {@code 1-1-1-1-1}. An editor, because Spring falls back to its own lenient one when a
 * converter refuses.
 */
final class StrictUuid extends PropertyEditorSupport {

	private static final Pattern CANONICAL = Pattern
		.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

	static boolean isCanonical(String text) {
		return text.length() == 36 && CANONICAL.matcher(text).matches();
	}

	static UUID of(String text) {
		if (!isCanonical(text)) {
			throw new IllegalArgumentException("Not a UUID");
		}
		return UUID.fromString(text);
	}

	/** An empty parameter is an absent one. */
	@Override
	public void setAsText(String text) {
		setValue(text.isEmpty() ? null : of(text));
	}

}
