package dev.sagamart.users.session;

import java.util.Base64;
import org.springframework.security.crypto.keygen.Base64StringKeyGenerator;

/** Random tokens, of which only the digests are stored. */
public final class OpaqueTokens {

	private static final Base64StringKeyGenerator TOKENS = new Base64StringKeyGenerator(
			Base64.getUrlEncoder().withoutPadding(), 32);

	private OpaqueTokens() {
	}

	/**
	 * Makes a token that nobody can guess, of letters that are safe in URLs and cookies.
	 */
	public static String make() {
		return TOKENS.generateKey();
	}

}
