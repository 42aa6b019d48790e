package dev.sagamart.platform.web;

import java.beans.PropertyEditorSupport;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Accepts UUIDs in their canonical form only; {@link UUID#fromString} also accepts
 * {@code 1-1-1-1-1}. It is an editor and not a converter, because Spring would try its
 * lenient editor after a converter has refused.
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

	/** An empty parameter counts as absent. */
	@Override
	public void setAsText(String text) {
		setValue(text.isEmpty() ? null : of(text));
	}

}
