package dev.sagamart.users.mail;

import java.util.Optional;
import java.util.UUID;

/**
 * A table whose rows are mails: {@code id}; {@code status}, which is {@code PENDING}
 * until it becomes {@code SENT}, {@code FAILED} or {@code SURPLUS}; {@code attempts};
 * {@code due_at} of a pending one; {@code sent_at} of a sent one.
 */
public interface MailSource {

	String table();

	/** Drafts a mail; empty if it should not be sent, and has to be deleted. */
	Optional<Draft> draft(UUID id);

}
