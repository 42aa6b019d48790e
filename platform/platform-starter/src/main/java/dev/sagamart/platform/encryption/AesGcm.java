package dev.sagamart.platform.encryption;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * AES-256-GCM under one key. A ciphertext is four bytes that name the key, a nonce, and
 * what GCM makes. Keys for other uses are derived (HKDF), so that none is used twice.
 */
final class AesGcm {

	static final int KEY_LENGTH = 32;

	private static final int NAME_LENGTH = 4;

	private static final int NONCE_LENGTH = 12;

	private static final int TAG_BITS = 128;

	private static final SecureRandom RANDOM = new SecureRandom();

	/**
	 * Ciphers that nobody is using. A new one allocates four times as much as its use.
	 */
	private static final Queue<Cipher> CIPHERS = new ConcurrentLinkedQueue<>();

	private final byte[] secret;

	private final byte[] name;

	private final SecretKey key;

	AesGcm(byte[] secret) {
		this.secret = secret.clone();
		this.name = Arrays.copyOf(derive("Generic", "name").getEncoded(), NAME_LENGTH);
		this.key = derive("AES", "encryption");
	}

	static byte[] newSecret() {
		byte[] secret = new byte[KEY_LENGTH];
		RANDOM.nextBytes(secret);
		return secret;
	}

	/** A key of its own for a use. */
	SecretKey derive(String algorithm, String use) {
		try {
			return KDF.getInstance("HKDF-SHA256")
				.deriveKey(algorithm,
						HKDFParameterSpec.ofExtract()
							.addIKM(this.secret)
							.thenExpand(use.getBytes(StandardCharsets.UTF_8), KEY_LENGTH));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	boolean hasEncrypted(byte[] encrypted) {
		return encrypted.length > NAME_LENGTH && Arrays.equals(encrypted, 0, NAME_LENGTH, this.name, 0, NAME_LENGTH);
	}

	byte[] encrypt(byte[] text, String purpose) {
		byte[] nonce = new byte[NONCE_LENGTH];
		RANDOM.nextBytes(nonce);
		try {
			byte[] encrypted = run(Cipher.ENCRYPT_MODE, nonce, purpose, text, 0);
			return ByteBuffer.allocate(NAME_LENGTH + NONCE_LENGTH + encrypted.length)
				.put(this.name)
				.put(nonce)
				.put(encrypted)
				.array();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Fails for another purpose, another key, and for what somebody has changed. */
	byte[] decrypt(byte[] encrypted, String purpose) throws GeneralSecurityException {
		int start = NAME_LENGTH + NONCE_LENGTH;
		if (encrypted.length < start) {
			throw new GeneralSecurityException("Too short");
		}
		byte[] nonce = Arrays.copyOfRange(encrypted, NAME_LENGTH, start);
		return run(Cipher.DECRYPT_MODE, nonce, purpose, encrypted, start);
	}

	private byte[] run(int mode, byte[] nonce, String purpose, byte[] input, int start)
			throws GeneralSecurityException {
		Cipher free = CIPHERS.poll();
		Cipher cipher = (free != null) ? free : Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, this.key, new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
		byte[] result = cipher.doFinal(input, start, input.length - start);
		CIPHERS.add(cipher);
		return result;
	}

}
