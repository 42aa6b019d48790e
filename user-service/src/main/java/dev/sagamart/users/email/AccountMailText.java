package dev.sagamart.users.email;

import dev.sagamart.users.mail.MailText;
import java.net.URI;

/**
 * The texts of mails about accounts. The recipient may be a stranger, so they contain
 * nothing that a user has chosen, such as the name.
 */
final class AccountMailText {

	private AccountMailText() {
	}

	static MailText confirmation(URI shop, String token) {
		return withToken("Confirm your email address", "Is this address yours? To confirm it, open", shop,
				"confirm-email", token,
				"If you have no account with us and did not ask for this, do nothing: you will hear of nothing else.");
	}

	static MailText passwordReset(URI shop, String token) {
		return withToken("Choose a new password",
				"Somebody has asked for a new password for your account. Choose it at", shop, "reset-password", token,
				"It can be used once, and all devices are logged out then. If it was not you, do nothing: your password stays.");
	}

	static MailText emailChange() {
		return told("Your email address is about to change",
				"Somebody who knows your password has asked us to use another email address for your account."
						+ " It changes as soon as they confirm that address.\n\n"
						+ "If it was not you, choose a new password now: that stops the change and logs everybody out.");
	}

	static MailText passwordChange() {
		return told("Your password has changed",
				"A new password was chosen for your account, and all devices are logged out.\n\n"
						+ "If it was not you, somebody reads your mails: secure your mailbox, then choose another password.");
	}

	static MailText secondFactorAdded() {
		return told("Your account has a second factor",
				"From now on a log-in to your account needs a code besides the password, and all devices are logged out."
						+ " Keep the recovery codes where you find them without your phone.\n\n"
						+ "If it was not you, somebody knows your password: choose a new one now, and ask us to remove"
						+ " the second factor.");
	}

	static MailText secondFactorRemoved() {
		return told("Your account has no second factor any more",
				"The second factor of your account was removed: a log-in needs nothing but the password, and all devices"
						+ " are logged out.\n\n"
						+ "If it was not you, and you have not asked us for it, choose a new password now.");
	}

	/**
	 * The link has the token after a "#", which browsers send to no server. The token is
	 * repeated in the text, for those who cannot use the link.
	 */
	private static MailText withToken(String subject, String sentence, URI shop, String page, String token,
			String otherwise) {
		String base = shop.toString();
		String link = (base.endsWith("/") ? base : base + "/") + page + "#token=" + token;
		return told(subject, sentence + "\n\n" + link + "\n\nor give this code:\n\n" + token + "\n\n" + otherwise);
	}

	private static MailText told(String subject, String sentences) {
		return new MailText(subject, "Hello,\n\n" + sentences + "\n\nSagamart\n");
	}

}
