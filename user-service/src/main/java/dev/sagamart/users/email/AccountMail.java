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
 * A mail about an account, and the hash of the token that was mailed last. The queue
 * sends it.
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

	/** The recipient, encrypted; null for a reset. */
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

		/** Asks the recipient to confirm the address. Has a token. */
		CONFIRMATION,
		/** Tells the current address that the account is about to get another one. */
		EMAIL_CHANGE,
		/** Lets the recipient choose a new password. Has a token. */
		PASSWORD_RESET,
		/** Says that the password was changed. */
		PASSWORD_CHANGE,
		/** Says that log-ins need a code from now on. */
		SECOND_FACTOR_ADDED,
		/** Says that log-ins no longer need a code. */
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

	/** The recipient, unless it is a reset. */
	EmailAddress email(PersonalData personalData) {
		return EmailAddress
			.of(personalData.decrypt(Objects.requireNonNull(this.email), purpose(Objects.requireNonNull(this.userId))))
			.orElseThrow();
	}

	/** The purpose with which the address of a user is encrypted. */
	static String purpose(UUID userId) {
		return "mailed email of " + userId;
	}

	/** The user who has that address now. */
	@Nullable UUID ownerId() {
		return this.ownerId;
	}

}
