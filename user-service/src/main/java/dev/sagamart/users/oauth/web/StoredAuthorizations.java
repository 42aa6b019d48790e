package dev.sagamart.users.oauth.web;

import dev.sagamart.users.oauth.AuthorizationCode;
import dev.sagamart.users.oauth.AuthorizationCode.Grant;
import dev.sagamart.users.oauth.AuthorizationCodes;
import dev.sagamart.users.session.LogIn.LoggedIn;
import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.stereotype.Component;

/**
 * Stores codes for Spring Authorization Server, and nothing else: its own JDBC store
 * would write tokens in clear text.
 */
@Component
class StoredAuthorizations implements OAuth2AuthorizationService {

	private final AuthorizationCodes codes;

	private final RegisteredClientRepository clients;

	StoredAuthorizations(AuthorizationCodes codes, RegisteredClientRepository clients) {
		this.codes = codes;
		this.clients = clients;
	}

	@Override
	public void save(OAuth2Authorization authorization) {
		OAuth2Authorization.Token<OAuth2AuthorizationCode> code = authorization.getToken(OAuth2AuthorizationCode.class);
		if (code == null) {
			return;
		}
		OAuth2AuthorizationRequest request = Objects
			.requireNonNull(authorization.getAttribute(OAuth2AuthorizationRequest.class.getName()));
		Authentication user = Objects.requireNonNull(authorization.getAttribute(Principal.class.getName()));
		LoggedIn login = (LoggedIn) Objects.requireNonNull(user.getPrincipal());
		Grant grant = new Grant(request.getClientId(), request.getScopes(),
				Objects.requireNonNull(request.getRedirectUri()),
				Objects.requireNonNull(parameter(request, PkceParameterNames.CODE_CHALLENGE)),
				parameter(request, OidcParameterNames.NONCE));
		this.codes.add(new AuthorizationCode(code.getToken().getTokenValue(), login, grant,
				Objects.requireNonNull(code.getToken().getExpiresAt())));
	}

	@Override
	public void remove(OAuth2Authorization authorization) {
		throw new UnsupportedOperationException("Codes are removed when they have expired");
	}

	@Override
	public @Nullable OAuth2Authorization findById(String id) {
		return null;
	}

	/** Finds the code, used or not, so that its verifier can be checked. */
	@Override
	public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
		return (type != null && OAuth2ParameterNames.CODE.equals(type.getValue()))
				? this.codes.find(token).map(this::authorization).orElse(null) : null;
	}

	private @Nullable OAuth2Authorization authorization(AuthorizationCode code) {
		Grant grant = code.grant();
		RegisteredClient client = this.clients.findByClientId(grant.clientId());
		if (client == null) {
			return null;
		}
		OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
			.authorizationUri(AuthorizationServerConfiguration.AUTHORIZE)
			.clientId(client.getClientId())
			.redirectUri(grant.redirectUri())
			.scopes(grant.scopes())
			.additionalParameters(Map.of(PkceParameterNames.CODE_CHALLENGE, grant.codeChallenge(),
					PkceParameterNames.CODE_CHALLENGE_METHOD, "S256"))
			.build();
		return OAuth2Authorization.withRegisteredClient(client)
			.principalName(code.login().userId().toString())
			.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
			.authorizedScopes(grant.scopes())
			.attribute(OAuth2AuthorizationRequest.class.getName(), request)
			.build();
	}

	private static @Nullable String parameter(OAuth2AuthorizationRequest request, String name) {
		return (String) request.getAdditionalParameters().get(name);
	}

}
