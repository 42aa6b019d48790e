package dev.sagamart.users.mail;

import dev.sagamart.users.mail.MailQueue.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends due mails, in every instance; each skips the mails that another one has taken. No
 * transaction is open during the communication with the mail server.
 * <p>
 * A mail is sent at least once. If the instance dies before it has recorded the reply of
 * the mail server, or if the reply is lost, the mail is sent again after the lease. It
 * has the same {@code Message-ID} then, which is made of its id, so mail clients show
 * one; mails with tokens get a new one for each attempt. A user who was erased meanwhile
 * gets no mail, unless the mail server has it already.
 * <p>
 * Neither addresses nor replies of the mail server, which may contain them, are logged.
 */
@Component
class Mailer {

	private static final Logger logger = LoggerFactory.getLogger(Mailer.class);

	private static final int BATCH = 20;

	private final Map<MailSource, MailQueue> queues = new LinkedHashMap<>();

	private final MailServer server;

	private final MailLimit limit;

	private final MailProperties properties;

	private final MeterRegistry meters;

	Mailer(List<MailSource> sources, JdbcClient jdbc, MailServer server, MailLimit limit, MailProperties properties,
			MeterRegistry meters) {
		sources.forEach((source) -> this.queues.put(source, new MailQueue(jdbc, source.table())));
		this.server = server;
		this.limit = limit;
		this.properties = properties;
		this.meters = meters;
	}

	@Scheduled(fixedDelayString = "${sagamart.mail.interval:PT2S}")
	void sendAllThatIsDue() {
		if (!this.server.isThere()) {
			return;
		}
		try {
			boolean more = true;
			while (more) {
				more = false;
				for (Map.Entry<MailSource, MailQueue> each : this.queues.entrySet()) {
					more |= sendSome(each.getKey(), each.getValue());
				}
			}
		}
		catch (RuntimeException ex) {
			// Not the whole exception: its message may hold an address.
			logger.warn("Mails could not be sent, they will be later: {}", ex.getClass().getName());
		}
	}

	/** Returns whether the mail server works and more mails may be due. */
	private boolean sendSome(MailSource source, MailQueue queue) {
		List<Taken> taken = queue.take(BATCH, this.properties.lease());
		Map<MimeMessage, Taken> mails = new HashMap<>();
		for (Taken one : taken) {
			try {
				write(source, queue, one).ifPresent((mail) -> mails.put(mail, one));
			}
			catch (MessagingException | RuntimeException ex) {
				// A mail that cannot be written must not delay the others.
				failed(queue, one, ex);
			}
		}
		Map<Object, Exception> failures = this.server.send(mails.keySet());
		List<UUID> sent = new ArrayList<>();
		mails.forEach((mail, one) -> {
			Exception failure = failures.get(mail);
			if (failure != null) {
				failed(queue, one, failure);
			}
			else {
				sent.add(one.id());
			}
		});
		if (!sent.isEmpty()) {
			queue.end(sent, "SENT");
			count("sent", sent.size());
		}
		return taken.size() == BATCH && failures.isEmpty();
	}

	private Optional<MimeMessage> write(MailSource source, MailQueue queue, Taken mail) throws MessagingException {
		Optional<Draft> draft = source.draft(mail.id());
		if (draft.isEmpty()) {
			queue.remove(mail.id());
			return Optional.empty();
		}
		if (!this.limit.allows(mail.id(), draft.get())) {
			queue.end(List.of(mail.id()), "SURPLUS");
			count("surplus", 1);
			return Optional.empty();
		}
		// Each attempt has its own token, so a mail client has to show the last one.
		String name = (draft.get().allowance() == Allowance.TOKENS) ? mail.id() + "." + mail.attempt()
				: mail.id().toString();
		return Optional.of(this.server.write(name, draft.get()));
	}

	private void failed(MailQueue queue, Taken mail, Exception cause) {
		boolean last = mail.attempt() >= this.properties.maxAttempts();
		logger.warn("Mail {} could not be sent, attempt {} of {}: {}", mail.id(), mail.attempt(),
				this.properties.maxAttempts(), NestedExceptionUtils.getMostSpecificCause(cause).getClass().getName());
		if (last) {
			queue.end(List.of(mail.id()), "FAILED");
		}
		else {
			queue.tryAgain(mail.id(), pause(mail.attempt()));
		}
		count(last ? "given_up" : "postponed", 1);
	}

	private Duration pause(int attempt) {
		Duration pause = this.properties.firstPause().multipliedBy(1L << Math.min(attempt - 1, 20));
		return (pause.compareTo(this.properties.longestPause()) < 0) ? pause : this.properties.longestPause();
	}

	private void count(String outcome, int mails) {
		this.meters.counter("sagamart.mails", "outcome", outcome).increment(mails);
	}

}
