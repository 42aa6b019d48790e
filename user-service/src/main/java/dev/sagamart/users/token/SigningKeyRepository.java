package dev.sagamart.users.token;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class SigningKeyRepository {

	/** Any number that no other advisory lock of this schema's services has. */
	private static final long LOCK = 0x7369676e6b657973L;

	private final JdbcClient jdbc;

	SigningKeyRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * A key pair as it is stored.
	 *
	 * @param publicKey X.509
	 * @param encryptedPrivateKey PKCS#8, encrypted with the master key
	 * @param signsFrom then on, until that of the next key
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record StoredKey(String id, byte[] publicKey, byte[] encryptedPrivateKey, Instant createdAt, Instant signsFrom) {
	}

	/** Keeps other instances from changing keys until the end of the transaction. */
	void lock() {
		this.jdbc.sql("SELECT pg_advisory_xact_lock(?)").param(LOCK).query((row) -> {
		});
	}

	/** All keys, in the order in which they sign. */
	List<StoredKey> findAll() {
		return this.jdbc
			.sql("SELECT id, public_key, private_key, created_at, signs_from FROM signing_key ORDER BY signs_from, id")
			.query(SigningKeyRepository::map)
			.list();
	}

	void add(StoredKey key) {
		this.jdbc
			.sql("INSERT INTO signing_key (id, public_key, private_key, created_at, signs_from)"
					+ " VALUES (?, ?, ?, ?, ?)")
			.params(key.id(), key.publicKey(), key.encryptedPrivateKey(), key.createdAt().atOffset(ZoneOffset.UTC),
					key.signsFrom().atOffset(ZoneOffset.UTC))
			.update();
	}

	void remove(StoredKey key) {
		this.jdbc.sql("DELETE FROM signing_key WHERE id = ?").param(key.id()).update();
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
				row.getObject("created_at", OffsetDateTime.class).toInstant(),
				row.getObject("signs_from", OffsetDateTime.class).toInstant());
	}

}
