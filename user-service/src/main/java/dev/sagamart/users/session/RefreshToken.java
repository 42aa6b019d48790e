package dev.sagamart.users.session;

import dev.sagamart.platform.Digests;
import org.jspecify.annotations.Nullable;

/**
 * A refresh token. Its first half is the same in all tokens of a session, so that used
 * tokens are recognised without being stored: a token with the right first half that is
 * not the newest one must be an older one. Tokens of earlier versions are half as long
 * and have no common half, so the used ones are stored.
 */
record RefreshToken(String text) {

	private static final int HALF = 43;

	static RefreshToken first() {
		return new RefreshToken(OpaqueTokens.make() + OpaqueTokens.make());
	}

	RefreshToken next() {
		return namesItsFamily() ? new RefreshToken(this.text.substring(0, HALF) + OpaqueTokens.make()) : first();
	}

	boolean namesItsFamily() {
		return this.text.length() == 2 * HALF;
	}

	byte[] hash() {
		return Digests.sha256(this.text);
	}

	/** The hash of the common half; {@code null} for tokens of earlier versions. */
	byte @Nullable [] familyHash() {
		return namesItsFamily() ? Digests.sha256(this.text.substring(0, HALF)) : null;
	}

	@Override
	public String toString() {
		return "RefreshToken[…]";
	}

}
