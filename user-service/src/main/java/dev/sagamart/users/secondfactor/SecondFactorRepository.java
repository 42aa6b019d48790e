package dev.sagamart.users.secondfactor;

import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.users.encryption.PersonalData;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Second factors: one of each user at most, which waits for its first code or has had it.
 */
@Repository
class SecondFactorRepository {

	private final JdbcClient jdbc;

	private final OldRows unconfirmed;

	private final PersonalData personalData;

	SecondFactorRepository(JdbcTemplate jdbc, PersonalData personalData) {
		this.jdbc = JdbcClient.create(jdbc);
		this.unconfirmed = new OldRows(jdbc, "second_factor", "wanted_at");
		this.personalData = personalData;
	}

	Optional<SecondFactor> find(UUID userId) {
		return this.jdbc
			.sql("SELECT enrolled_at, cardinality(recovery_codes) AS codes_left FROM second_factor"
					+ " WHERE user_id = ? AND enrolled_at IS NOT NULL")
			.param(userId)
			.query((row, _) -> new SecondFactor(row.getObject("enrolled_at", OffsetDateTime.class).toInstant(),
					row.getInt("codes_left")))
			.optional();
	}

	/**
	 * Notes a secret that waits for its first code, in place of one that does already.
	 * @return {@code false} if the user has a second factor
	 */
	boolean want(UUID userId, byte[] secret, Instant now) {
		return this.jdbc
			.sql("INSERT INTO second_factor AS f (user_id, secret, wanted_at) VALUES (?, ?, ?)"
					+ " ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, wanted_at = excluded.wanted_at"
					+ " WHERE f.enrolled_at IS NULL")
			.params(userId, this.personalData.encrypt(HexFormat.of().formatHex(secret), purpose(userId)), utc(now))
			.update() == 1;
	}

	/** The secret that waits for its first code, if it was wanted after that time. */
	Optional<byte[]> findWanted(UUID userId, Instant since) {
		return this.jdbc.sql("SELECT secret FROM second_factor WHERE user_id = ? AND wanted_at > ?")
			.params(userId, utc(since))
			.query(byte[].class)
			.optional()
			.map((secret) -> decrypted(secret, userId));
	}

	/** The secret of a second factor that has had its first code. */
	Optional<byte[]> findSecret(UUID userId) {
		return this.jdbc.sql("SELECT secret FROM second_factor WHERE user_id = ? AND enrolled_at IS NOT NULL")
			.param(userId)
			.query(byte[].class)
			.optional()
			.map((secret) -> decrypted(secret, userId));
	}

	/** Makes the secret that waits a second factor, with a code of that step. */
	void enrol(UUID userId, long step, List<byte[]> recoveryCodes, Instant now) {
		this.jdbc
			.sql("UPDATE second_factor SET wanted_at = NULL, enrolled_at = :now, last_step = :step,"
					+ " recovery_codes = :codes WHERE user_id = :userId")
			.param("now", utc(now))
			.param("step", step)
			.param("codes", recoveryCodes.toArray(byte[][]::new))
			.param("userId", userId)
			.update();
	}

	/**
	 * Uses up a step and all before it; of several who come with a code of the same step,
	 * one does.
	 */
	boolean useStep(UUID userId, long step) {
		return this.jdbc.sql("UPDATE second_factor SET last_step = :step WHERE user_id = :userId AND last_step < :step")
			.param("step", step)
			.param("userId", userId)
			.update() == 1;
	}

	/** Uses up a recovery code; of several who come with the same one, one does. */
	boolean useRecoveryCode(UUID userId, byte[] hash) {
		return this.jdbc
			.sql("UPDATE second_factor SET recovery_codes = array_remove(recovery_codes, :hash)"
					+ " WHERE user_id = :userId AND :hash = ANY (recovery_codes)")
			.param("hash", hash)
			.param("userId", userId)
			.update() == 1;
	}

	/** Removes what there is; {@code false} if that was no second factor yet. */
	boolean remove(UUID userId) {
		return this.jdbc.sql("DELETE FROM second_factor WHERE user_id = ? RETURNING enrolled_at IS NOT NULL")
			.param(userId)
			.query(Boolean.class)
			.optional()
			.orElse(false);
	}

	/** Removes secrets that have waited since that time. */
	void removeWantedUntil(Instant time) {
		this.unconfirmed.removeUntil(time);
	}

	/** Instances of a version without second factors erase users and leave theirs. */
	void removeOfErased() {
		this.jdbc.sql("DELETE FROM second_factor f USING app_user u WHERE u.id = f.user_id AND u.erased_at IS NOT NULL")
			.update();
	}

	private byte[] decrypted(byte[] secret, UUID userId) {
		return HexFormat.of().parseHex(this.personalData.decrypt(secret, purpose(userId)));
	}

	private static String purpose(UUID userId) {
		return "second factor of " + userId;
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

}
