package dev.sagamart.users.oauth.web;

import dev.sagamart.users.oauth.AuthorizationCode.Grant;
import dev.sagamart.users.oauth.AuthorizationCode;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange.Exchanged;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange.Replayed;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange;
import dev.sagamart.users.oauth.AuthorizationCodes;
import dev.sagamart.users.session.Sessions.Refresh.BeyondGrant;
import dev.sagamart.users.session.Sessions.Refresh.Refreshed;
import dev.sagamart.users.session.Sessions.Refresh.Reused;
import dev.sagamart.users.session.Sessions.Refresh;
import dev.sagamart.users.session.Sessions.Tokens;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.token.TokenIssuer;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * Begins, refreshes and ends the sessions of clients, with the rules of the sessions API.
 * It replaces the providers of Spring Authorization Server, which let two concurrent
 * requests use the same code. Access tokens cannot be revoked here: services check them
 * without a call, so they are short-lived instead.
 */
class SessionGrants implements AuthenticationProvider {

	private final AuthorizationCodes codes;

	private final Sessions sessions;

	private final TokenIssuer tokens;

	private final Accounts accounts;

	SessionGrants(AuthorizationCodes codes, Sessions sessions, TokenIssuer tokens, Accounts accounts) {
		this.codes = codes;
		this.sessions = sessions;
		this.tokens = tokens;
		this.accounts = accounts;
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return OAuth2AuthorizationCodeAuthenticationToken.class.isAssignableFrom(authentication)
				|| OAuth2RefreshTokenAuthenticationToken.class.isAssignableFrom(authentication)
				|| OAuth2TokenRevocationAuthenticationToken.class.isAssignableFrom(authentication);
	}

	@Override
	public @Nullable Authentication authenticate(Authentication authentication) {
		return switch (authentication) {
			case OAuth2AuthorizationCodeAuthenticationToken request -> exchange(request);
			case OAuth2RefreshTokenAuthenticationToken request -> refresh(request);
			case OAuth2TokenRevocationAuthenticationToken request -> revoke(request);
			default -> null;
		};
	}

	private Authentication exchange(OAuth2AuthorizationCodeAuthenticationToken request) {
		RegisteredClient client = client(request, AuthorizationGrantType.AUTHORIZATION_CODE);
		return switch (this.codes.exchange(request.getCode(), client.getClientId(), request.getRedirectUri())) {
			case Exchanged exchanged -> answer(client, request, exchanged.tokens(), idToken(exchanged.code()));
			case Replayed _ -> throw invalidGrant("This code was used before. The session that it began has ended.");
			case Exchange.Invalid _ -> throw invalidGrant("This code is not valid, or is no longer valid.");
		};
	}

	private Map<String, Object> idToken(AuthorizationCode code) {
		Grant grant = code.grant();
		if (!grant.scopes().contains(OidcScopes.OPENID)) {
			return Map.of();
		}
		UUID userId = code.login().userId();
		String name = grant.scopes().contains(OidcScopes.PROFILE)
				? this.accounts.find(userId).map(User::name).orElse(null) : null;
		return Map.of(OidcParameterNames.ID_TOKEN,
				this.tokens.issueIdToken(userId, grant.clientId(), code.login().at(), grant.nonce(), name));
	}

	private Authentication refresh(OAuth2RefreshTokenAuthenticationToken request) {
		RegisteredClient client = client(request, AuthorizationGrantType.REFRESH_TOKEN);
		return switch (this.sessions.refresh(request.getRefreshToken(), client.getClientId(), request.getScopes())) {
			case Refreshed refreshed -> answer(client, request, refreshed.tokens(), Map.of());
			case BeyondGrant _ -> throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_SCOPE);
			case Reused _ -> throw invalidGrant("This refresh token was used before. The session has ended.");
			case Refresh.Invalid _ -> throw invalidGrant("This refresh token is not valid, or is no longer valid.");
		};
	}

	/** Ends the session of a refresh token (RFC 7009). */
	private Authentication revoke(OAuth2TokenRevocationAuthenticationToken request) {
		String clientId = client(request, null).getClientId();
		if (request.getToken().indexOf('.') >= 0) {
			throw new OAuth2AuthenticationException(OAuth2ErrorCodes.UNSUPPORTED_TOKEN_TYPE);
		}
		this.sessions.revoke(clientId, request.getToken());
		return request;
	}

	private static RegisteredClient client(Authentication request, @Nullable AuthorizationGrantType grant) {
		if (!(request.getPrincipal() instanceof OAuth2ClientAuthenticationToken client) || !client.isAuthenticated()) {
			throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
		}
		RegisteredClient registered = Objects.requireNonNull(client.getRegisteredClient());
		if (grant != null && !registered.getAuthorizationGrantTypes().contains(grant)) {
			throw new OAuth2AuthenticationException(OAuth2ErrorCodes.UNAUTHORIZED_CLIENT);
		}
		return registered;
	}

	private static OAuth2AuthenticationException invalidGrant(String description) {
		return new OAuth2AuthenticationException(new OAuth2Error(OAuth2ErrorCodes.INVALID_GRANT, description, null));
	}

	/**
	 * The answer, whose details hold the user for the audit. An empty scope is stated,
	 * because its absence would mean that all requested scopes were granted (RFC 6749,
	 * section 5.1).
	 */
	private static Authentication answer(RegisteredClient client, Authentication request, Tokens tokens,
			Map<String, Object> more) {
		Map<String, Object> parameters = new HashMap<>(more);
		if (tokens.accessToken().getScopes().isEmpty()) {
			parameters.put(OAuth2ParameterNames.SCOPE, "");
		}
		OAuth2AccessTokenAuthenticationToken answer = new OAuth2AccessTokenAuthenticationToken(client,
				(Authentication) Objects.requireNonNull(request.getPrincipal()), tokens.accessToken(),
				tokens.refreshToken(), parameters);
		answer.setDetails(tokens.userId());
		return answer;
	}

}
