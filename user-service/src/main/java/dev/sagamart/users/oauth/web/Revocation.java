package dev.sagamart.users.oauth.web;

import dev.sagamart.users.session.Sessions;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;

/**
 * Ends the session of a refresh token (RFC 7009). Access tokens cannot be revoked: who
 * checks them asks nobody, so they are short-lived instead.
 */
class Revocation implements AuthenticationProvider {

	private final Sessions sessions;

	Revocation(Sessions sessions) {
		this.sessions = sessions;
	}

	@Override
	public Authentication authenticate(Authentication authentication) {
		OAuth2TokenRevocationAuthenticationToken request = (OAuth2TokenRevocationAuthenticationToken) authentication;
		String clientId = GrantedTokens.client(request, null).getClientId();
		if (request.getToken().indexOf('.') >= 0) {
			throw new OAuth2AuthenticationException(OAuth2ErrorCodes.UNSUPPORTED_TOKEN_TYPE);
		}
		this.sessions.revoke(clientId, request.getToken());
		return request;
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return OAuth2TokenRevocationAuthenticationToken.class.isAssignableFrom(authentication);
	}

}
