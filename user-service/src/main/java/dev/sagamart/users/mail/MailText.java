package dev.sagamart.users.mail;

public record MailText(String subject, String body) {

	/** May hold a token. */
	@Override
	public String toString() {
		return "MailText[…]";
	}

}
