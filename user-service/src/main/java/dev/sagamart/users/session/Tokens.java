package dev.sagamart.users.session;

import java.util.UUID;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * The tokens that a client gets when a session begins or is refreshed.
 *
 * @param userId whose session it is
 */
public record Tokens(UUID sessionId, UUID userId, OAuth2AccessToken accessToken, OAuth2RefreshToken refreshToken) {
}
