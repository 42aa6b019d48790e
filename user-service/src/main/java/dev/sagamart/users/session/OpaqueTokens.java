package dev.sagamart.users.session;

import java.security.SecureRandom;
import java.util.Base64;

/** Tokens that mean something only to us, who store their digests. */
public final class OpaqueTokens {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final int BYTES = 32;

	private OpaqueTokens() {
	}

	/** One that nobody can guess, in letters that are safe in a URL and in a cookie. */
	public static String make() {
		byte[] bytes = new byte[BYTES];
		RANDOM.nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
