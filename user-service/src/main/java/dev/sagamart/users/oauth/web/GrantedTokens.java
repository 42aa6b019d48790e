package dev.sagamart.users.oauth.web;

import dev.sagamart.users.session.Tokens;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * What the two grants of users have in common: who may ask, and the form of the answer.
 */
final class GrantedTokens {

	private GrantedTokens() {
	}

	/** The client that was authenticated and may use a grant. */
	static RegisteredClient client(Authentication request, @Nullable AuthorizationGrantType grant) {
		if (!(request.getPrincipal() instanceof OAuth2ClientAuthenticationToken client) || !client.isAuthenticated()) {
			throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
		}
		RegisteredClient registered = Objects.requireNonNull(client.getRegisteredClient());
		if (grant != null && !registered.getAuthorizationGrantTypes().contains(grant)) {
			throw new OAuth2AuthenticationException(OAuth2ErrorCodes.UNAUTHORIZED_CLIENT);
		}
		return registered;
	}

	static OAuth2AuthenticationException invalidGrant(String description) {
		return new OAuth2AuthenticationException(new OAuth2Error(OAuth2ErrorCodes.INVALID_GRANT, description, null));
	}

	/**
	 * The answer, whose details are the user, for the audit. Who was granted no scope at
	 * all is told so: to say nothing would mean that all were granted (RFC 6749, 5.1).
	 */
	static OAuth2AccessTokenAuthenticationToken answer(RegisteredClient client, Authentication request, Tokens tokens,
			Map<String, Object> more) {
		Instant now = Instant.now();
		Map<String, Object> parameters = new HashMap<>(more);
		if (tokens.scopes().isEmpty()) {
			parameters.put(OAuth2ParameterNames.SCOPE, "");
		}
		OAuth2AccessTokenAuthenticationToken answer = new OAuth2AccessTokenAuthenticationToken(client,
				(Authentication) Objects.requireNonNull(request.getPrincipal()),
				new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, tokens.accessToken().value(), now,
						now.plus(tokens.accessToken().life()), tokens.scopes()),
				new OAuth2RefreshToken(tokens.refreshToken(), now, now.plus(tokens.refreshLife())), parameters);
		answer.setDetails(tokens.userId());
		return answer;
	}

}
