package dev.sagamart.users.user;

/**
 * The preferences of a user.
 *
 * @param locale a BCP 47 language tag
 * @param currency ISO 4217
 */
public record Preferences(String locale, String currency, boolean marketingEmails) {

	static final Preferences DEFAULT = new Preferences("en", "EUR", false);

}
