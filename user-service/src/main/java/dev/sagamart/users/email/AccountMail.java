package dev.sagamart.users.email;

import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.users.user.EmailAddress;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/**
 * A mail about an account, and what is known of the token that was mailed last. How it is
 * sent is the business of the queue.
 */
@Entity
@SuppressWarnings("UnusedVariable")
class AccountMail {

	@Id
	private UUID id;

	@Enumerated(EnumType.STRING)
	private Kind kind;

	/** Null for a reset, for which only the address is known. */
	private @Nullable UUID userId;

	/** Where it goes, encrypted; null for a reset. */
	private byte @Nullable [] email;

	private byte[] emailKey;

	private byte @Nullable [] tokenHash;

	private @Nullable Instant tokenExpiresAt;

	@Formula("(select u.id from app_user u where u.email_key = email_key)")
	private @Nullable UUID ownerId;

	@SuppressWarnings("NullAway.Init")
	AccountMail() {
	}

	/** What it is for. */
	enum Kind {

		/** Asks whether an address is the user's. Has a token. */
		CONFIRMATION,
		/** Tells the address of the account that another one is to take its place. */
		EMAIL_CHANGE,
		/** Lets somebody choose a new password. Has a token. */
		PASSWORD_RESET,
		/** Tells that it was chosen. */
		PASSWORD_CHANGE,
		/** Tells that log-ins need a code from now on. */
		SECOND_FACTOR_ADDED,
		/** Tells that log-ins no longer need a code. */
		SECOND_FACTOR_REMOVED

	}

	UUID id() {
		return this.id;
	}

	Kind kind() {
		return this.kind;
	}

	@Nullable UUID userId() {
		return this.userId;
	}

	/** Where it goes, unless it is a reset. */
	EmailAddress email(PersonalData personalData) {
		return EmailAddress
			.of(personalData.decrypt(Objects.requireNonNull(this.email), purpose(Objects.requireNonNull(this.userId))))
			.orElseThrow();
	}

	/** What the address of a user is encrypted for. */
	static String purpose(UUID userId) {
		return "mailed email of " + userId;
	}

	/** Who has that address now. */
	@Nullable UUID ownerId() {
		return this.ownerId;
	}

}
