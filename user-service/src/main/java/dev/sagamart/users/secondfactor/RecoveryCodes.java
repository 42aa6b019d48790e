package dev.sagamart.users.secondfactor;

import dev.sagamart.platform.Digests;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.util.encoders.Base32;
import org.springframework.security.crypto.keygen.BytesKeyGenerator;
import org.springframework.security.crypto.keygen.KeyGenerators;

/**
 * Codes to write down, for users who lose the app. Each has 80 random bits, so it cannot
 * be guessed from its hash either, in four groups of four characters:
 * {@code MFRA-GGZD-FMZT-E42O}.
 */
final class RecoveryCodes {

	static final int COUNT = 10;

	private static final BytesKeyGenerator KEYS = KeyGenerators.secureRandom(10);

	private RecoveryCodes() {
	}

	static List<String> make() {
		return Stream.generate(RecoveryCodes::one).limit(COUNT).toList();
	}

	private static String one() {
		return Base32.toBase32String(KEYS.generateKey()).replaceAll(".{4}(?=.)", "$0-");
	}

	/**
	 * What is stored of one.
	 * @param code in capital letters, with or without hyphens
	 */
	static byte[] hash(String code) {
		return Digests.sha256(code.replace("-", ""));
	}

}
