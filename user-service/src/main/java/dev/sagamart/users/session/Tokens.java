package dev.sagamart.users.session;

import dev.sagamart.users.token.AccessTokens.AccessToken;
import java.time.Duration;

/** What a client gets when it logs in or refreshes. */
public record Tokens(AccessToken accessToken, String refreshToken, Duration refreshLife) {

	@Override
	public String toString() {
		return "Tokens[…]";
	}

}
