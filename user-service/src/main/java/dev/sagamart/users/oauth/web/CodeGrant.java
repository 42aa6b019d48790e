package dev.sagamart.users.oauth.web;

import dev.sagamart.users.oauth.AuthorizationCodes;
import dev.sagamart.users.oauth.AuthorizationCodes.Authorized;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange.Exchanged;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange.Invalid;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange.Replayed;
import dev.sagamart.users.token.IdTokens;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * Exchanges a code for tokens. In place of Spring Authorization Server's, of which two at
 * once can use one code.
 */
class CodeGrant implements AuthenticationProvider {

	private final AuthorizationCodes codes;

	private final IdTokens idTokens;

	private final Accounts accounts;

	CodeGrant(AuthorizationCodes codes, IdTokens idTokens, Accounts accounts) {
		this.codes = codes;
		this.idTokens = idTokens;
		this.accounts = accounts;
	}

	@Override
	public Authentication authenticate(Authentication authentication) {
		OAuth2AuthorizationCodeAuthenticationToken request = (OAuth2AuthorizationCodeAuthenticationToken) authentication;
		RegisteredClient client = GrantedTokens.client(request, AuthorizationGrantType.AUTHORIZATION_CODE);
		return switch (this.codes.exchange(request.getCode(), client.getClientId(), request.getRedirectUri())) {
			case Exchanged exchanged ->
				GrantedTokens.answer(client, request, exchanged.tokens(), idToken(exchanged.authorized()));
			case Replayed _ ->
				throw GrantedTokens.invalidGrant("This code was used before. What it was used for has ended.");
			case Invalid _ -> throw GrantedTokens.invalidGrant("This code is not valid, or no longer.");
		};
	}

	private Map<String, Object> idToken(Authorized authorized) {
		if (!authorized.grant().scopes().contains(OidcScopes.OPENID)) {
			return Map.of();
		}
		return Map.of(OidcParameterNames.ID_TOKEN, this.idTokens.issue(authorized.login().userId(),
				authorized.grant().clientId(), authorized.login().at(), authorized.nonce(), name(authorized)));
	}

	private @Nullable String name(Authorized authorized) {
		return authorized.grant().scopes().contains(OidcScopes.PROFILE)
				? this.accounts.find(authorized.login().userId()).map(User::name).orElse(null) : null;
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return OAuth2AuthorizationCodeAuthenticationToken.class.isAssignableFrom(authentication);
	}

}
