package dev.sagamart.platform.web;

import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.core.convert.converter.Converter;

/**
 * Reads UUIDs in their canonical form only; {@link UUID#fromString} also takes
 * {@code 1-1-1-1-1}.
 */
final class StrictUuid implements Converter<String, UUID> {

	private static final Pattern CANONICAL = Pattern
		.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

	static boolean isCanonical(String text) {
		return text.length() == 36 && CANONICAL.matcher(text).matches();
	}

	@Override
	public UUID convert(String source) {
		if (!isCanonical(source)) {
			throw new IllegalArgumentException("Not a UUID");
		}
		return UUID.fromString(source);
	}

}
