package dev.sagamart.users.oauth.web;

import dev.sagamart.users.oauth.AuthorizationCodes;
import dev.sagamart.users.oauth.BrowserLogins;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.token.TokenIssuer;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.web.AuditSubject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.web.OAuth2AuthorizationEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretPostAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AccessTokenResponseAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2ClientCredentialsAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2RefreshTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.PublicClientAuthenticationConverter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Configures Spring Authorization Server with the parts that are used here, and without
 * HTTP sessions.
 */
@Configuration(proxyBeanMethods = false)
class AuthorizationServerConfiguration {

	static final String AUTHORIZE = "/oauth2/authorize";

	static final String TOKEN = "/oauth2/token";

	static final String REVOKE = "/oauth2/revoke";

	static final String LOGIN = "/login";

	/**
	 * It is part of the security filter chain, and not registered as a filter by itself.
	 */
	@Bean
	@FilterRegistration(enabled = false)
	LoginCookie loginCookie(BrowserLogins logins, OAuth2AuthorizationServerProperties properties) {
		return new LoginCookie(logins, isSecure(properties));
	}

	/** Generates the tokens of services only; those of users come from sessions. */
	@Bean
	OAuth2TokenGenerator<OAuth2AccessToken> serviceTokens(TokenIssuer tokens) {
		return (context) -> tokens.issue(context.getRegisteredClient().getClientId(), context.getAuthorizedScopes());
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE - 15)
	SecurityFilterChain authorizationServer(HttpSecurity http, OAuth2AuthorizationServerProperties properties,
			LoginCookie loginCookie, RegisteredClientRepository clients, OAuth2AuthorizationService authorizations,
			OAuth2TokenGenerator<OAuth2AccessToken> serviceTokens, AuthorizationCodes codes, Sessions sessions,
			TokenIssuer tokens, Accounts accounts) {
		OAuthErrors errors = new OAuthErrors();
		return http.securityMatcher(paths())
			.oauth2AuthorizationServer((server) -> endpoints(metadata(server, properties), errors,
					new PublicClients(clients), new KnownScopes(properties.getClient().values()),
					new SessionGrants(codes, sessions, tokens, accounts),
					new OAuth2ClientCredentialsAuthenticationProvider(authorizations, serviceTokens)))
			.authorizeHttpRequests(AuthorizationServerConfiguration::access)
			.exceptionHandling((exceptions) -> exceptions.authenticationEntryPoint(errors))
			// These endpoints ignore access tokens.
			.oauth2ResourceServer((server) -> server.bearerTokenResolver((_) -> null))
			.csrf((csrf) -> csrf.csrfTokenRepository(csrfCookie(isSecure(properties))))
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.requestCache(AbstractHttpConfigurer::disable)
			.logout(AbstractHttpConfigurer::disable)
			.headers((headers) -> headers.contentSecurityPolicy((csp) -> csp.policyDirectives(policy(properties)))
				.referrerPolicy((referrer) -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
			.addFilterAfter(errors, HeaderWriterFilter.class)
			.addFilterAfter(loginCookie, HeaderWriterFilter.class)
			.addFilterAfter(AuthorizationServerConfiguration::headAsGet, HeaderWriterFilter.class)
			.build();
	}

	private static OAuth2AuthorizationServerConfigurer metadata(OAuth2AuthorizationServerConfigurer server,
			OAuth2AuthorizationServerProperties properties) {
		return server
			.oidc((oidc) -> oidc.providerConfigurationEndpoint((endpoint) -> endpoint.providerConfigurationCustomizer(
					(document) -> document.scopes((scopes) -> addScopesOf(properties, scopes))
						.claims(AuthorizationServerConfiguration::keepWhatThereIs))))
			.authorizationServerMetadataEndpoint((endpoint) -> endpoint.authorizationServerMetadataCustomizer(
					(document) -> document.claims(AuthorizationServerConfiguration::keepWhatThereIs)));
	}

	private static void endpoints(OAuth2AuthorizationServerConfigurer server, OAuthErrors errors,
			PublicClients publicClients, KnownScopes scopes, SessionGrants grants, AuthenticationProvider services) {
		server
			.clientAuthentication((client) -> client.errorResponseHandler(errors)
				.authenticationConverters(only(List.of(new ClientSecretBasicAuthenticationConverter(),
						new ClientSecretPostAuthenticationConverter(), new PublicClientAuthenticationConverter(),
						publicClients)))
				.authenticationProvider(publicClients))
			.authorizationEndpoint((endpoint) -> endpoint.authorizationRequestConverters(only(List.of(scopes))))
			.tokenEndpoint((endpoint) -> endpoint.errorResponseHandler(errors)
				.accessTokenResponseHandler(withAuditSubject())
				.accessTokenRequestConverters(only(List.of(new OAuth2AuthorizationCodeAuthenticationConverter(),
						new OAuth2RefreshTokenAuthenticationConverter(),
						new OAuth2ClientCredentialsAuthenticationConverter())))
				.authenticationProviders(only(List.of(grants, services))))
			.tokenRevocationEndpoint(
					(endpoint) -> endpoint.errorResponseHandler(errors).authenticationProviders(only(List.of(grants))))
			.withObjectPostProcessor(withoutHttpSession());
	}

	/** Replaces the parts that the library would use. */
	private static <T> Consumer<List<T>> only(List<T> parts) {
		return (all) -> {
			all.clear();
			all.addAll(parts);
		};
	}

	private static void access(
			AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
		requests.requestMatchers(LOGIN, LOGIN + "/*")
			.permitAll()
			// Answers that nobody is logged in, instead of showing the login page.
			.requestMatchers((request) -> AUTHORIZE.equals(request.getServletPath())
					&& "none".equals(request.getParameter("prompt")))
			.permitAll()
			.requestMatchers(AUTHORIZE)
			.access((user, _) -> new AuthorizationDecision(user.get().getPrincipal() instanceof LoggedIn))
			.anyRequest()
			.authenticated();
	}

	/** The paths and methods that are served; the library has others. */
	private static RequestMatcher paths() {
		PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
		Stream<RequestMatcher> read = Stream
			.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", AUTHORIZE, LOGIN,
					LOGIN + "/*")
			.flatMap((path) -> Stream.of(paths.matcher(HttpMethod.GET, path), paths.matcher(HttpMethod.HEAD, path)));
		Stream<RequestMatcher> written = Stream.of(TOKEN, REVOKE, LOGIN)
			.map((path) -> paths.matcher(HttpMethod.POST, path));
		return new OrRequestMatcher(Stream.concat(read, written).toList());
	}

	/**
	 * Presents {@code HEAD} to the library as {@code GET}, which it supports. The web
	 * server sends no body.
	 */
	private static void headAsGet(ServletRequest request, ServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		HttpServletRequest http = (HttpServletRequest) request;
		chain.doFilter(!HttpMethod.HEAD.matches(http.getMethod()) ? http : new HttpServletRequestWrapper(http) {

			@Override
			public String getMethod() {
				return HttpMethod.GET.name();
			}

		}, response);
	}

	/** The scopes of clients that use a log-in. */
	private static void addScopesOf(OAuth2AuthorizationServerProperties properties, List<String> scopes) {
		properties.getClient()
			.values()
			.stream()
			.map(OAuth2AuthorizationServerProperties.Client::getRegistration)
			.filter((client) -> !client.getRedirectUris().isEmpty())
			.flatMap((client) -> client.getScopes().stream())
			.filter((scope) -> !scopes.contains(scope))
			.forEach(scopes::add);
	}

	private static void keepWhatThereIs(Map<String, Object> document) {
		document.keySet()
			.removeIf((name) -> name.startsWith("introspection_") || name.startsWith("tls_") || name.startsWith("dpop_")
					|| name.startsWith("end_session_"));
		document.put("grant_types_supported", List.of("authorization_code", "client_credentials", "refresh_token"));
		for (String endpoint : List.of("token", "revocation")) {
			document.put(endpoint + "_endpoint_auth_methods_supported",
					List.of("client_secret_basic", "client_secret_post", "none"));
		}
	}

	private static AuthenticationSuccessHandler withAuditSubject() {
		OAuth2AccessTokenResponseAuthenticationSuccessHandler answer = new OAuth2AccessTokenResponseAuthenticationSuccessHandler();
		return (request, response, authentication) -> {
			String subject = (authentication.getDetails() instanceof UUID userId) ? userId.toString()
					: ((OAuth2AccessTokenAuthenticationToken) authentication).getRegisteredClient().getClientId();
			AuditSubject.name(response, subject);
			answer.onAuthenticationSuccess(request, response, authentication);
		};
	}

	/** The library would make an HTTP session for each authorization. */
	private static ObjectPostProcessor<OAuth2AuthorizationEndpointFilter> withoutHttpSession() {
		return new ObjectPostProcessor<>() {

			@Override
			public <O extends OAuth2AuthorizationEndpointFilter> O postProcess(O filter) {
				filter.setSessionAuthenticationStrategy((_, _, _) -> {
				});
				return filter;
			}

		};
	}

	private static CookieCsrfTokenRepository csrfCookie(boolean secure) {
		CookieCsrfTokenRepository repository = new CookieCsrfTokenRepository();
		repository.setCookieName("sagamart-csrf");
		repository.setCookiePath(LOGIN);
		repository.setCookieCustomizer((cookie) -> cookie.sameSite("Lax").secure(secure));
		return repository;
	}

	private static boolean isSecure(OAuth2AuthorizationServerProperties properties) {
		return Objects.requireNonNullElse(properties.getIssuer(), "").startsWith("https:");
	}

	/**
	 * Contains the redirect URIs of all clients, because browsers apply
	 * {@code form-action} to redirects too. The syntax has no IPv6 addresses.
	 */
	private static String policy(OAuth2AuthorizationServerProperties properties) {
		return properties.getClient()
			.values()
			.stream()
			.flatMap((client) -> client.getRegistration().getRedirectUris().stream())
			.map((uri) -> " " + target(URI.create(uri)))
			.distinct()
			.sorted()
			.collect(Collectors.joining("", "default-src 'none'; style-src 'self'; base-uri 'none';"
					+ " frame-ancestors 'none'; form-action 'self'", ""));
	}

	private static String target(URI uri) {
		if (uri.getHost() == null) {
			return uri.getScheme() + ":";
		}
		return uri.getScheme() + "://" + (uri.getHost().startsWith("127.") ? uri.getHost() + ":*" : uri.getAuthority());
	}

}
