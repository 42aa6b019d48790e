package dev.sagamart.users.oauth.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties.Client;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeRequestAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Ignores unknown scopes in authorization requests (OpenID Connect Core, section
 * 3.1.2.1): applications request {@code email} or {@code offline_access} because other
 * providers have them. A known scope that the client may not have is refused. The answer
 * of the token endpoint lists the granted scopes.
 */
class KnownScopes implements AuthenticationConverter {

	private final AuthenticationConverter requests = new OAuth2AuthorizationCodeRequestAuthenticationConverter();

	private final Set<String> known;

	KnownScopes(Collection<Client> clients) {
		this.known = clients.stream()
			.flatMap((client) -> client.getRegistration().getScopes().stream())
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public @Nullable Authentication convert(HttpServletRequest request) {
		if (!(this.requests.convert(request) instanceof OAuth2AuthorizationCodeRequestAuthenticationToken asked)) {
			return null;
		}
		Set<String> scopes = new LinkedHashSet<>(asked.getScopes());
		scopes.retainAll(this.known);
		return new OAuth2AuthorizationCodeRequestAuthenticationToken(asked.getAuthorizationUri(), asked.getClientId(),
				(Authentication) asked.getPrincipal(), asked.getRedirectUri(), asked.getState(), scopes,
				asked.getAdditionalParameters());
	}

}
