package dev.sagamart.platform.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Encrypts what says who somebody is, so that a dump or a backup of the database tells
 * nothing about anybody.
 * <p>
 * Data keys are random and lie in the table {@code encryption_key}, encrypted with the
 * {@link MasterKey}. So a change of the master key touches these rows alone, which the
 * first instance that starts with the new one encrypts anew; instances that still run
 * with the old one are not disturbed. The latest data key encrypts, all of them decrypt,
 * and the first one makes fingerprints, so that rows that are found by them keep theirs.
 */
public class PersonalData {

	private static final String PURPOSE = "personal data key";

	private static final String HMAC = "HmacSHA256";

	private final JdbcClient jdbc;

	private final MasterKey masterKey;

	private final SecretKey fingerprintKey;

	/** In the order of their numbers, which have no gap. */
	private volatile List<AesGcm> keys = List.of();

	PersonalData(JdbcClient jdbc, MasterKey masterKey) {
		this.jdbc = jdbc;
		this.masterKey = masterKey;
		readKeys();
		if (this.keys.isEmpty()) {
			addKey();
		}
		this.fingerprintKey = this.keys.getFirst().derive(HMAC, "fingerprint");
	}

	/**
	 * Takes data keys that other instances have made. Without a lock, since a caller may
	 * hold a connection that another one waits for: of two at once either list will do.
	 */
	final void readKeys() {
		List<AesGcm> all = new ArrayList<>(this.keys);
		this.jdbc.sql("select secret from encryption_key where number > ? order by number")
			.param(all.size())
			.query(byte[].class)
			.list()
			.forEach((stored) -> {
				byte[] secret = this.masterKey.decrypt(stored, PURPOSE);
				if (this.masterKey.isOutdated(stored)) {
					this.jdbc.sql("update encryption_key set secret = ? where secret = ?")
						.params(this.masterKey.encrypt(secret, PURPOSE), stored)
						.update();
				}
				all.add(new AesGcm(secret));
			});
		this.keys = List.copyOf(all);
	}

	/** Makes the next data key, unless another instance just has. */
	final void addKey() {
		this.jdbc.sql("insert into encryption_key (number, secret) values (?, ?) on conflict do nothing")
			.params(this.keys.size() + 1, this.masterKey.encrypt(AesGcm.newSecret(), PURPOSE))
			.update();
		readKeys();
	}

	/**
	 * Encrypts a text.
	 * @param purpose what it is and of whom; the same is needed to decrypt it, so that
	 * nobody's data can be put in another's place
	 */
	public byte[] encrypt(String text, String purpose) {
		return encrypt(text.getBytes(StandardCharsets.UTF_8), purpose);
	}

	public byte[] encrypt(byte[] text, String purpose) {
		return this.keys.getLast().encrypt(text, purpose);
	}

	/** Decrypts a text; one that was moved or changed is an error. */
	public String decrypt(byte[] encrypted, String purpose) {
		return new String(decryptBytes(encrypted, purpose), StandardCharsets.UTF_8);
	}

	public byte[] decryptBytes(byte[] encrypted, String purpose) {
		try {
			Optional<AesGcm> key = keyOf(encrypted);
			if (key.isEmpty()) {
				// another instance may have made one just now
				readKeys();
				key = keyOf(encrypted);
			}
			return key.orElseThrow(GeneralSecurityException::new).decrypt(encrypted, purpose);
		}
		catch (GeneralSecurityException _) {
			throw new IllegalStateException("Stored under another key, moved or changed: " + purpose);
		}
	}

	private Optional<AesGcm> keyOf(byte[] encrypted) {
		return this.keys.stream().filter((key) -> key.hasEncrypted(encrypted)).findFirst();
	}

	/** Whether it has to be encrypted anew. */
	boolean isOutdated(byte[] encrypted) {
		return !this.keys.getLast().hasEncrypted(encrypted);
	}

	/**
	 * The same for the same text, and of no use without the key: to find rows by what
	 * they do not show, and to have nothing twice.
	 */
	public byte[] fingerprint(String text) {
		try {
			Mac mac = Mac.getInstance(HMAC);
			mac.init(this.fingerprintKey);
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
