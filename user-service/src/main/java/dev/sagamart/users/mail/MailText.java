package dev.sagamart.users.mail;

/** What a mail says. */
public record MailText(String subject, String body) {

	/** May hold a token. */
	@Override
	public String toString() {
		return "MailText[…]";
	}

}
