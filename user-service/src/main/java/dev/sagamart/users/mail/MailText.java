package dev.sagamart.users.mail;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The subject and the body of a mail, from {@code texts.properties}. */
public record MailText(String subject, String body) {

	private static final ResourceBundle TEXTS = ResourceBundle.getBundle("dev.sagamart.users.mail.texts", Locale.ROOT);

	/**
	 * The text of a kind of mail.
	 * @param name of the recipient, or empty if it must not be in the mail
	 * @param values to insert into the body
	 */
	public static MailText of(Enum<?> kind, String name, Object... values) {
		String body = MessageFormat.format(TEXTS.getString(kind + ".body"), values);
		return new MailText(TEXTS.getString(kind + ".subject"),
				("Hello " + name).strip() + ",\n\n" + body + "\n\nSagamart\n");
	}

	/** May contain a token. */
	@Override
	public String toString() {
		return "MailText[…]";
	}

}
