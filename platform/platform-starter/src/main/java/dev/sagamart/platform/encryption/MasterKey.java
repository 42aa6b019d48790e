package dev.sagamart.platform.encryption;

import java.security.GeneralSecurityException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the other keys, with AES-256-GCM, under a key that is not in the database. A
 * ciphertext says which master key it was made with; during a change the previous one
 * still reads, and whoever stores ciphertexts encrypts them anew at start.
 */
public final class MasterKey {

	/** What the name of the previous key ends with. */
	static final String PREVIOUS = "_PREVIOUS";

	private final String name;

	private final AesGcm current;

	private final @Nullable AesGcm previous;

	private MasterKey(String name, AesGcm current, @Nullable AesGcm previous) {
		this.name = name;
		this.current = current;
		this.previous = previous;
	}

	/**
	 * Reads the keys: base64, 32 bytes; anything else:
	 * {@link MasterKeyUnusableException}.
	 * @param name what the key is called where it comes from
	 * @param previous blank if there is none
	 */
	public static MasterKey of(String name, String current, String previous) {
		if (current.isBlank()) {
			throw new MasterKeyUnusableException(name + " is not set.");
		}
		return new MasterKey(name, read(name, current), previous.isBlank() ? null : read(name + PREVIOUS, previous));
	}

	private static AesGcm read(String name, String base64) {
		byte[] key;
		try {
			key = Base64.getDecoder().decode(base64.strip());
		}
		catch (IllegalArgumentException _) {
			throw new MasterKeyUnusableException(name + " is not base64.");
		}
		if (key.length != AesGcm.KEY_LENGTH) {
			throw new MasterKeyUnusableException(
					name + " has " + key.length + " bytes, not " + AesGcm.KEY_LENGTH + ".");
		}
		return new AesGcm(key);
	}

	/**
	 * Encrypts with the current key.
	 * @param purpose what the text is for; the same is needed to decrypt it, so that one
	 * cannot be put in place of another
	 */
	public byte[] encrypt(byte[] text, String purpose) {
		return this.current.encrypt(text, purpose);
	}

	/**
	 * Decrypts with the key that it was encrypted with; a
	 * {@link MasterKeyUnusableException} that names the purpose if we have not got it.
	 */
	public byte[] decrypt(byte[] encrypted, String purpose) {
		AesGcm key = (this.previous != null && this.previous.hasEncrypted(encrypted)) ? this.previous : this.current;
		try {
			return key.decrypt(encrypted, purpose);
		}
		catch (GeneralSecurityException _) {
			throw new MasterKeyUnusableException(
					this.name + " does not fit the stored " + purpose + ": it was stored with another master key.");
		}
	}

	/** Whether it has to be encrypted anew. */
	public boolean isOutdated(byte[] encrypted) {
		return !this.current.hasEncrypted(encrypted);
	}

}
