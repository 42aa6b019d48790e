package dev.sagamart.users.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Encrypts what says who somebody is, so that a dump or a backup of the database tells
 * nothing about anybody.
 * <p>
 * The key is random, made at the first start, and lies in the table {@code data_key},
 * encrypted with the {@link MasterKey}. So a change of the master key touches one row,
 * which the first instance that starts with the new one encrypts anew; instances that
 * still run with the old one are not disturbed, and texts by which rows are found keep
 * their fingerprints.
 */
@Component
public class PersonalData {

	private static final String PURPOSE = "personal data key";

	private static final String HMAC = "HmacSHA256";

	private final AesGcm key;

	private final SecretKey fingerprintKey;

	PersonalData(JdbcClient jdbc, MasterKey masterKey) {
		byte[] stored = storedOrNew(jdbc, masterKey);
		byte[] secret = masterKey.decrypt(stored, PURPOSE);
		if (masterKey.isOutdated(stored)) {
			jdbc.sql("UPDATE data_key SET secret = ? WHERE secret = ?")
				.params(masterKey.encrypt(secret, PURPOSE), stored)
				.update();
		}
		this.key = new AesGcm(secret);
		this.fingerprintKey = this.key.derive(HMAC, "fingerprint");
	}

	private static byte[] storedOrNew(JdbcClient jdbc, MasterKey masterKey) {
		return jdbc.sql("SELECT secret FROM data_key").query(byte[].class).optional().orElseGet(() -> {
			byte[] secret = new byte[AesGcm.KEY_LENGTH];
			new SecureRandom().nextBytes(secret);
			jdbc.sql("INSERT INTO data_key (secret) VALUES (?) ON CONFLICT DO NOTHING")
				.param(masterKey.encrypt(secret, PURPOSE))
				.update();
			return jdbc.sql("SELECT secret FROM data_key").query(byte[].class).single();
		});
	}

	/**
	 * Encrypts a text.
	 * @param purpose what it is and of whom; the same is needed to decrypt it, so that
	 * nobody's data can be put in another's place
	 */
	public byte[] encrypt(String text, String purpose) {
		return this.key.encrypt(text.getBytes(StandardCharsets.UTF_8), purpose);
	}

	/** Decrypts a text; one that was moved or changed is an error. */
	public String decrypt(byte[] encrypted, String purpose) {
		try {
			return new String(this.key.decrypt(encrypted, purpose), StandardCharsets.UTF_8);
		}
		catch (GeneralSecurityException _) {
			throw new IllegalStateException("Stored under another key, moved or changed: " + purpose);
		}
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
