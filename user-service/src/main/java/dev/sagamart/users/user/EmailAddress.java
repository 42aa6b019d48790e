package dev.sagamart.users.user;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An email address.
 *
 * @param text as the user wrote it
 * @param key the form for comparisons: compatibility composed (NFKC) and case folded, so
 * that nobody can register an address that looks the same
 */
public record EmailAddress(String text, String key) {

	private static final int MAX_LENGTH = 254;

	/** One @, a dot behind it, nothing invisible. */
	private static final Pattern FORM = Pattern
		.compile("[^@\\p{C}\\p{Z}\\s]{1,64}@[^@\\p{C}\\p{Z}\\s.]+(\\.[^@\\p{C}\\p{Z}\\s.]+)+");

	/** Reads an address; empty if it cannot be one. */
	public static Optional<EmailAddress> of(String text) {
		if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
			return Optional.empty();
		}
		String key = normalised(text);
		return (key.length() <= 2 * MAX_LENGTH && FORM.matcher(key).matches())
				? Optional.of(new EmailAddress(text, key)) : Optional.empty();
	}

	private static String normalised(String text) {
		String upper = Normalizer.normalize(text, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
		String folded = upper.codePoints()
			.map(Character::toLowerCase)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		return Normalizer.normalize(folded, Normalizer.Form.NFKC);
	}

	@Override
	public String toString() {
		return "EmailAddress[…]";
	}

}
