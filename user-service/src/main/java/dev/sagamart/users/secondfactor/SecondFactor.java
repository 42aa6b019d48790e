package dev.sagamart.users.secondfactor;

import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * The second factor of a user: a secret, which is in effect after its first code. The
 * user is locked during a change, so that of several requests with the same code one
 * succeeds.
 */
@Entity
public class SecondFactor {

	@Id
	private UUID userId;

	private byte[] secret;

	private @Nullable Instant wantedAt;

	private @Nullable Instant enrolledAt;

	/** The time step of the latest code that was accepted. */
	private @Nullable Long lastStep;

	/** The hashes of the unused ones. */
	@JdbcTypeCode(SqlTypes.ARRAY)
	private byte[][] recoveryCodes = {};

	SecondFactor() {
	}

	@SuppressWarnings("NullAway.Init")
	SecondFactor(UUID userId) {
		this.userId = userId;
	}

	/**
	 * Stores a secret that waits for its first code. It replaces one that waits already.
	 */
	void want(byte[] secret, PersonalData personalData, Instant now) {
		this.secret = personalData.encrypt(HexFormat.of().formatHex(secret), purpose());
		// The database would round it, possibly up.
		this.wantedAt = now.truncatedTo(ChronoUnit.MICROS);
	}

	/** Whether it waits for its first code since that time or later. */
	boolean hasWaitedSince(Instant earliest) {
		return this.wantedAt != null && this.wantedAt.isAfter(earliest);
	}

	/** Puts the secret into effect after a code of that time step. */
	void enrol(long step, List<byte[]> recoveryCodes, Instant now) {
		this.wantedAt = null;
		this.enrolledAt = now;
		this.lastStep = step;
		this.recoveryCodes = recoveryCodes.toArray(byte[][]::new);
	}

	/**
	 * Uses a time step and all steps before it; {@code false} if it was used before.
	 */
	boolean useStep(long step) {
		if (step <= Objects.requireNonNull(this.lastStep)) {
			return false;
		}
		this.lastStep = step;
		return true;
	}

	/** Uses a recovery code; {@code false} if it is unknown or was used before. */
	boolean useRecoveryCode(byte[] hash) {
		byte[][] others = Arrays.stream(this.recoveryCodes)
			.filter((code) -> !Arrays.equals(code, hash))
			.toArray(byte[][]::new);
		boolean used = others.length < this.recoveryCodes.length;
		this.recoveryCodes = others;
		return used;
	}

	byte[] secret(PersonalData personalData) {
		return HexFormat.of().parseHex(personalData.decrypt(this.secret, purpose()));
	}

	private String purpose() {
		return "second factor of " + this.userId;
	}

	boolean isEnrolled() {
		return this.enrolledAt != null;
	}

	public @Nullable Instant enrolledAt() {
		return this.enrolledAt;
	}

	public int recoveryCodesLeft() {
		return this.recoveryCodes.length;
	}

}
