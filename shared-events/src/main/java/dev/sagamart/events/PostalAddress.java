package dev.sagamart.events;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A postal address, with the same rules in address books and in orders. Lengths are in
 * code points, as {@link Pattern} counts them. A required field must contain a visible
 * character; an optional field without one counts as absent. A postal code is required in
 * countries that have postal codes, and only there.
 *
 * @param country ISO 3166 alpha-2
 */
@PostalCodeWhereNeeded
public record PostalAddress(
		@NotNull @Pattern(regexp = VISIBLE + LINE + "{1,100}", message = UP_TO_100) String recipient,
		@NotNull @Pattern(regexp = VISIBLE + LINE + "{1,200}", message = UP_TO_200) String line1,
		@Nullable @Pattern(regexp = LINE + "{0,200}", message = UP_TO_200) String line2,
		@NotNull @Pattern(regexp = VISIBLE + LINE + "{1,100}", message = UP_TO_100) String city,
		@Nullable @Pattern(regexp = LINE + "{0,20}", message = UP_TO_20) String postalCode,
		@NotNull @Pattern(regexp = PostalCodeWhereNeeded.COUNTRY,
				message = PostalCodeWhereNeeded.NO_COUNTRY) String country) {

	/** Only blanks, control characters, marks, and letters that nobody can see. */
	private static final String INVISIBLE = "[\\p{Z}\\p{C}\\p{M}\\u115F\\u1160\\u2800\\u3164\\uFFA0]*";

	private static final String VISIBLE = "(?!" + INVISIBLE + "$)";

	/** No control characters and no line breaks, which a label cannot show. */
	private static final String LINE = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]";

	private static final String UP_TO_20 = "must have at most 20 characters, in one line";

	private static final String UP_TO_100 = "must have between 1 and 100 characters, in one line";

	private static final String UP_TO_200 = "must have between 1 and 200 characters, in one line";

	private static final java.util.regex.Pattern BLANKS_AROUND = java.util.regex.Pattern.compile("^\\p{Z}+|\\p{Z}+$");

	/** This address, which must be valid, without blanks around its fields. */
	public PostalAddress trimmed() {
		return new PostalAddress(trimmed(this.recipient), trimmed(this.line1), trimmedOrNull(this.line2),
				trimmed(this.city), trimmedOrNull(this.postalCode), this.country);
	}

	private static String trimmed(String text) {
		return BLANKS_AROUND.matcher(text).replaceAll("");
	}

	private static @Nullable String trimmedOrNull(@Nullable String text) {
		return (text == null || isNone(text)) ? null : trimmed(text);
	}

	/** Whether an optional field has no visible character. */
	static boolean isNone(@Nullable String text) {
		return text == null || text.matches(INVISIBLE);
	}

}
