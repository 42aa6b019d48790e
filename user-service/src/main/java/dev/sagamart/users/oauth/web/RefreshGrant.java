package dev.sagamart.users.oauth.web;

import dev.sagamart.users.session.Refresh.BeyondGrant;
import dev.sagamart.users.session.Refresh.Invalid;
import dev.sagamart.users.session.Refresh.Refreshed;
import dev.sagamart.users.session.Refresh.Reused;
import dev.sagamart.users.session.Sessions;
import java.util.Map;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** Refreshes a client's session, by the rules of the sessions API. */
class RefreshGrant implements AuthenticationProvider {

	private final Sessions sessions;

	RefreshGrant(Sessions sessions) {
		this.sessions = sessions;
	}

	@Override
	public Authentication authenticate(Authentication authentication) {
		OAuth2RefreshTokenAuthenticationToken request = (OAuth2RefreshTokenAuthenticationToken) authentication;
		RegisteredClient client = GrantedTokens.client(request, AuthorizationGrantType.REFRESH_TOKEN);
		return switch (this.sessions.refresh(request.getRefreshToken(), client.getClientId(), request.getScopes())) {
			case Refreshed refreshed -> GrantedTokens.answer(client, request, refreshed.tokens(), Map.of());
			case BeyondGrant _ -> throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_SCOPE);
			case Reused _ ->
				throw GrantedTokens.invalidGrant("This refresh token was used before. The session has ended.");
			case Invalid _ -> throw GrantedTokens.invalidGrant("This refresh token is not valid, or no longer.");
		};
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return OAuth2RefreshTokenAuthenticationToken.class.isAssignableFrom(authentication);
	}

}
