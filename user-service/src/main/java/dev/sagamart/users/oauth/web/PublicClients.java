package dev.sagamart.users.oauth.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.util.StringUtils;

/**
 * Lets public clients refresh and revoke tokens with their client id and the token.
 * Spring Authorization Server authenticates them only with a code and its verifier.
 */
class PublicClients implements AuthenticationConverter, AuthenticationProvider {

	private final RegisteredClientRepository clients;

	PublicClients(RegisteredClientRepository clients) {
		this.clients = clients;
	}

	@Override
	public @Nullable Authentication convert(HttpServletRequest request) {
		String clientId = request.getParameter(OAuth2ParameterNames.CLIENT_ID);
		if (!StringUtils.hasText(clientId) || isBasic(request.getHeader(HttpHeaders.AUTHORIZATION))
				|| request.getParameter(OAuth2ParameterNames.CLIENT_SECRET) != null || !isWithToken(request)) {
			return null;
		}
		return new OAuth2ClientAuthenticationToken(clientId, ClientAuthenticationMethod.NONE, null, Map.of());
	}

	/** A bearer token in the header does not authenticate a client. */
	private static boolean isBasic(@Nullable String authorization) {
		return StringUtils.startsWithIgnoreCase(authorization, "Basic");
	}

	private static boolean isWithToken(HttpServletRequest request) {
		return request.getServletPath().equals(AuthorizationServerConfiguration.REVOKE)
				|| AuthorizationGrantType.REFRESH_TOKEN.getValue()
					.equals(request.getParameter(OAuth2ParameterNames.GRANT_TYPE));
	}

	@Override
	public @Nullable Authentication authenticate(Authentication authentication) {
		OAuth2ClientAuthenticationToken request = (OAuth2ClientAuthenticationToken) authentication;
		if (!request.getClientAuthenticationMethod().equals(ClientAuthenticationMethod.NONE)
				|| !request.getAdditionalParameters().isEmpty()) {
			return null;
		}
		RegisteredClient client = this.clients.findByClientId(request.getName());
		return (client != null && client.getClientAuthenticationMethods().contains(ClientAuthenticationMethod.NONE))
				? new OAuth2ClientAuthenticationToken(client, ClientAuthenticationMethod.NONE, null) : null;
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
	}

}
