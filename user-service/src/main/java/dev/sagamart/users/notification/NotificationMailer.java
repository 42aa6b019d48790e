package dev.sagamart.users.notification;

import dev.sagamart.users.notification.Notifications.Taken;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.AddressBook;
import dev.sagamart.users.user.User;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends due notifications, in every instance: what one has taken, the others leave out.
 * No transaction is open while the mail server is spoken to.
 * <p>
 * A mail goes out at least once. Should the instance die between the mail server's reply
 * and its note of it, or should the reply get lost, it is sent again after the lease,
 * under the same {@code Message-ID}, which is made of the notification's id: mail clients
 * show one. A user who was erased meanwhile gets nothing any more; a mail that is with
 * the mail server already cannot be called back.
 * <p>
 * Neither addresses nor what a mail server says about them are logged.
 */
@Component
class NotificationMailer {

	private static final Logger log = LoggerFactory.getLogger(NotificationMailer.class);

	private static final int BATCH = 20;

	private final Notifications notifications;

	private final Accounts accounts;

	private final AddressBook addressBook;

	private final ObjectProvider<JavaMailSender> mailSender;

	private final NotificationProperties properties;

	private final MeterRegistry meters;

	private final ReentrantLock busy = new ReentrantLock();

	NotificationMailer(Notifications notifications, Accounts accounts, AddressBook addressBook,
			ObjectProvider<JavaMailSender> mailSender, NotificationProperties properties, MeterRegistry meters) {
		this.notifications = notifications;
		this.accounts = accounts;
		this.addressBook = addressBook;
		this.mailSender = mailSender;
		this.properties = properties;
		this.meters = meters;
	}

	/**
	 * At a fixed rate, so that a slow mail server does not hold up the thread that other
	 * tasks start on.
	 */
	@Scheduled(fixedRateString = "${sagamart.notifications.interval:PT2S}")
	void sendAllThatIsDue() {
		if (!this.notifications.isSending() || !this.busy.tryLock()) {
			return;
		}
		try {
			boolean more = true;
			while (more) {
				more = sendSome();
			}
		}
		catch (RuntimeException ex) {
			log.warn("Notifications could not be sent, they will be later: {}", ex.getClass().getName());
		}
		finally {
			this.busy.unlock();
		}
	}

	@Scheduled(fixedRateString = "PT1H", initialDelayString = "PT2M")
	void removeOld() {
		boolean more = true;
		while (more) {
			more = this.notifications.removeOld(this.properties.retention());
		}
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT3M")
	void removeSurplus() {
		this.notifications.removeBeyond(this.properties.maxPerUser());
	}

	/** Returns whether there may be more, and the mail server is well. */
	private boolean sendSome() {
		List<Taken> taken = this.notifications.take(BATCH, this.properties.lease());
		if (taken.isEmpty()) {
			return false;
		}
		Map<MimeMessage, Taken> mails = new HashMap<>();
		for (Taken notification : taken) {
			try {
				write(notification).ifPresent((mail) -> mails.put(mail, notification));
			}
			catch (MessagingException | RuntimeException ex) {
				// One that cannot be written must not hold up the others.
				failed(notification, ex);
			}
		}
		Map<Object, Exception> failures = send(mails.keySet());
		List<UUID> sent = new ArrayList<>();
		mails.forEach((mail, notification) -> {
			Exception failure = failures.get(mail);
			if (failure != null) {
				failed(notification, failure);
			}
			else {
				sent.add(notification.id());
			}
		});
		this.notifications.sent(sent);
		count("sent", sent.size());
		return taken.size() == BATCH && failures.isEmpty();
	}

	private Optional<MimeMessage> write(Taken notification) throws MessagingException {
		Optional<User> user = this.accounts.find(notification.userId());
		if (user.isEmpty()) {
			return Optional.empty();
		}
		Locale locale = Locale.forLanguageTag(this.addressBook.preferences(notification.userId()).locale());
		MailText text = MailText.of(notification, user.get().name(), locale);
		MimeMessage mail = this.mailSender.getObject().createMimeMessage();
		MimeMessageHelper helper = new MimeMessageHelper(mail, StandardCharsets.UTF_8.name());
		helper.setFrom(this.properties.from());
		helper.setTo(user.get().email());
		helper.setSubject(text.subject());
		helper.setText(text.body());
		mail.setHeader("Message-ID", "<" + notification.id() + "@notifications.sagamart>");
		mail.setHeader("Auto-Submitted", "auto-generated");
		return Optional.of(mail);
	}

	/** Sends over one connection, and returns what could not be sent, and why. */
	private Map<Object, Exception> send(Set<MimeMessage> mails) {
		if (mails.isEmpty()) {
			return Map.of();
		}
		try {
			this.mailSender.getObject().send(mails.toArray(MimeMessage[]::new));
			return Map.of();
		}
		catch (MailSendException ex) {
			return ex.getFailedMessages();
		}
		catch (MailException ex) {
			Map<Object, Exception> failures = new HashMap<>();
			mails.forEach((mail) -> failures.put(mail, ex));
			return failures;
		}
	}

	private void failed(Taken notification, Exception cause) {
		boolean last = notification.attempt() >= this.properties.maxAttempts();
		log.warn("Notification {} could not be sent, attempt {} of {}: {}", notification.id(), notification.attempt(),
				this.properties.maxAttempts(), NestedExceptionUtils.getMostSpecificCause(cause).getClass().getName());
		if (last) {
			this.notifications.giveUp(notification.id());
		}
		else {
			this.notifications.tryAgain(notification.id(), pause(notification.attempt()));
		}
		count(last ? "given_up" : "postponed", 1);
	}

	private Duration pause(int attempt) {
		Duration pause = this.properties.firstPause().multipliedBy(1L << Math.min(attempt - 1, 20));
		return (pause.compareTo(this.properties.longestPause()) < 0) ? pause : this.properties.longestPause();
	}

	private void count(String outcome, int mails) {
		this.meters.counter("sagamart.notifications", "outcome", outcome).increment(mails);
	}

}
