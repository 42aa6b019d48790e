package dev.sagamart.users.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what must not lie readable in the database, with AES-256-GCM. */
final class MasterKey {

	private static final int NONCE_LENGTH = 12;

	private static final int TAG_BITS = 128;

	private final SecretKeySpec key;

	private final SecureRandom random = new SecureRandom();

	private MasterKey(byte[] key) {
		this.key = new SecretKeySpec(key, "AES");
	}

	/**
	 * Reads the key.
	 * @param base64 32 bytes; anything else: {@link SigningKeysUnusableException}
	 */
	static MasterKey of(String base64) {
		if (base64.isBlank()) {
			throw new SigningKeysUnusableException("SIGNING_MASTER_KEY is not set.");
		}
		try {
			byte[] key = Base64.getDecoder().decode(base64.strip());
			if (key.length == 32) {
				return new MasterKey(key);
			}
			throw new SigningKeysUnusableException("SIGNING_MASTER_KEY has " + key.length + " bytes, not 32.");
		}
		catch (IllegalArgumentException _) {
			throw new SigningKeysUnusableException("SIGNING_MASTER_KEY is not base64.");
		}
	}

	/**
	 * Encrypts.
	 * @param purpose what the text is for; the same is needed to decrypt it, so that one
	 * cannot be put in place of another
	 */
	byte[] encrypt(byte[] text, String purpose) {
		byte[] nonce = new byte[NONCE_LENGTH];
		this.random.nextBytes(nonce);
		try {
			byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(text);
			return ByteBuffer.allocate(nonce.length + encrypted.length).put(nonce).put(encrypted).array();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	byte[] decrypt(byte[] encrypted, String purpose) throws GeneralSecurityException {
		ByteBuffer buffer = ByteBuffer.wrap(encrypted);
		byte[] nonce = new byte[NONCE_LENGTH];
		byte[] text = new byte[encrypted.length - NONCE_LENGTH];
		buffer.get(nonce).get(text);
		return cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(text);
	}

	private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, this.key, new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
		return cipher;
	}

}
