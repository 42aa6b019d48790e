package dev.sagamart.users.user;

/**
 * What a user likes.
 *
 * @param locale a BCP 47 language tag
 * @param currency ISO 4217
 */
public record Preferences(String locale, String currency, boolean marketingEmails) {

	static final Preferences DEFAULT = new Preferences("en", "EUR", false);

}
