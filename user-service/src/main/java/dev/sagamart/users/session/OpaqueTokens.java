package dev.sagamart.users.session;

import java.security.SecureRandom;
import java.util.Base64;

/** Random tokens, of which only the digests are stored. */
public final class OpaqueTokens {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final int BYTES = 32;

	private OpaqueTokens() {
	}

	/**
	 * Makes a token that nobody can guess, of letters that are safe in URLs and cookies.
	 */
	public static String make() {
		byte[] bytes = new byte[BYTES];
		RANDOM.nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
