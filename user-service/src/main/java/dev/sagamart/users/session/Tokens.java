package dev.sagamart.users.session;

import dev.sagamart.users.token.TokenIssuer.AccessToken;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * The tokens that a client gets when a session begins or is refreshed.
 *
 * @param userId whose session it is
 * @param scopes of the access token
 */
public record Tokens(UUID sessionId, UUID userId, AccessToken accessToken, String refreshToken, Duration refreshLife,
		Set<String> scopes) {

	@Override
	public String toString() {
		return "Tokens[…]";
	}

}
