package dev.sagamart.users.token;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class SigningKeyRepository {

	/** Any number that no other advisory lock of this schema's services has. */
	private static final long FIRST_KEY_LOCK = 0x7369676e6b657973L;

	private final JdbcClient jdbc;

	private final Clock clock;

	SigningKeyRepository(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/**
	 * A key pair as it is stored.
	 *
	 * @param publicKey X.509
	 * @param encryptedPrivateKey PKCS#8, encrypted with the master key
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record StoredKey(String id, byte[] publicKey, byte[] encryptedPrivateKey, Instant createdAt) {
	}

	/** All keys, the newest first. */
	List<StoredKey> findAll() {
		return this.jdbc
			.sql("SELECT id, public_key, private_key, created_at FROM signing_key ORDER BY created_at DESC, id DESC")
			.query(SigningKeyRepository::map)
			.list();
	}

	/** Stores a key, unless another instance was first. */
	@Transactional
	public void addFirst(String id, byte[] publicKey, byte[] encryptedPrivateKey) {
		this.jdbc.sql("SELECT pg_advisory_xact_lock(?)").param(FIRST_KEY_LOCK).query((row) -> {
		});
		if (this.jdbc.sql("SELECT count(*) FROM signing_key").query(Long.class).single() == 0) {
			this.jdbc.sql("INSERT INTO signing_key (id, public_key, private_key, created_at) VALUES (?, ?, ?, ?)")
				.params(id, publicKey, encryptedPrivateKey, this.clock.instant().atOffset(ZoneOffset.UTC))
				.update();
		}
	}

	/**
	 * Stores a private key that was encrypted anew, unless another instance was first.
	 */
	void replace(StoredKey key, byte[] encryptedPrivateKey) {
		this.jdbc.sql("UPDATE signing_key SET private_key = ? WHERE id = ? AND private_key = ?")
			.params(encryptedPrivateKey, key.id(), key.encryptedPrivateKey())
			.update();
	}

	private static StoredKey map(ResultSet row, int index) throws SQLException {
		return new StoredKey(row.getString("id"), row.getBytes("public_key"), row.getBytes("private_key"),
				row.getObject("created_at", java.time.OffsetDateTime.class).toInstant());
	}

}
