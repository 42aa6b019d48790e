package dev.sagamart.users.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/** The mail server, if there is one. */
@Component
public class MailServer {

	private final ObjectProvider<JavaMailSender> sender;

	private final MailProperties properties;

	private final boolean there;

	MailServer(ObjectProvider<JavaMailSender> sender, MailProperties properties,
			@Value("${spring.mail.host:}") String host) {
		this.sender = sender;
		this.properties = properties;
		this.there = !host.isBlank();
	}

	/** Without a mail server, nothing is queued or sent. */
	public boolean isThere() {
		return this.there;
	}

	/**
	 * Writes a mail.
	 * @param name the {@code Message-ID} without its domain
	 */
	MimeMessage write(String name, Draft draft) throws MessagingException {
		MailText text = draft.text().get();
		MimeMessage mail = this.sender.getObject().createMimeMessage();
		MimeMessageHelper helper = new MimeMessageHelper(mail, StandardCharsets.UTF_8.name());
		helper.setFrom(this.properties.from());
		helper.setTo(draft.to().text());
		helper.setSubject(text.subject());
		helper.setText(text.body());
		mail.setHeader("Message-ID", "<" + name + "@notifications.sagamart>");
		mail.setHeader("Auto-Submitted", "auto-generated");
		return mail;
	}

	/** Sends mails over one connection, and returns the failures. */
	Map<Object, Exception> send(Collection<MimeMessage> mails) {
		try {
			this.sender.getObject().send(mails.toArray(MimeMessage[]::new));
			return Map.of();
		}
		catch (MailSendException ex) {
			return ex.getFailedMessages();
		}
		catch (MailException ex) {
			return mails.stream().collect(Collectors.toMap(Function.identity(), (_) -> ex));
		}
	}

}
