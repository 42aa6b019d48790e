package dev.sagamart.gateway.security;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.problem.Problems;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.request.HeaderText;
import dev.sagamart.platform.tokens.TokenAuthorities;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import reactor.core.publisher.Mono;

/** Requires tokens and the role ADMIN; the services apply their own, finer rules. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

	private static final Set<HttpMethod> SUPPORTED_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
			HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

	private static final String[] DOCUMENTS = { "/openapi/*", "/asyncapi/*" };

	private static final String TOKEN_FAILURE = AccessConfiguration.class.getName() + ".tokenFailure";

	/**
	 * Public paths permit only their declared methods, so that clients cannot send bodies
	 * that nobody reads. Paths that are not declared are permitted here, because no route
	 * matches them (404).
	 */
	private static void authorize(AuthorizeExchangeSpec requests, DeclaredServices services) {
		requests.pathMatchers(DeclaredServices.OPERATIONS).hasRole("ADMIN");
		services.paths().forEach((declared) -> {
			for (HttpMethod method : declared.withoutToken()) {
				requests.pathMatchers(method, declared.path()).permitAll();
			}
			if (declared.only().isEmpty()) {
				requests.pathMatchers(declared.path()).authenticated();
			}
			else {
				requests.pathMatchers(declared.path()).access(denyWith(Problem.METHOD_NOT_KNOWN));
			}
		});
		requests.pathMatchers(HttpMethod.GET, DOCUMENTS).permitAll();
		requests.pathMatchers(HttpMethod.HEAD, DOCUMENTS).permitAll();
		requests.pathMatchers(DOCUMENTS).access(denyWith(Problem.METHOD_NOT_KNOWN));
		requests.anyExchange().permitAll();
	}

	private static ReactiveAuthorizationManager<AuthorizationContext> denyWith(Problem problem) {
		return (_, _) -> Mono.error(() -> ProblemException.of(problem));
	}

	@Bean
	SecurityWebFilterChain securityFilterChain(ServerHttpSecurity http, DeclaredServices services, Problems problems,
			NonBlockingJwtDecoder tokens, TokenAuthorities authorities) {
		JwtReactiveAuthenticationManager manager = new JwtReactiveAuthenticationManager(tokens);
		manager.setJwtAuthenticationConverter(
				(token) -> Mono.just(new JwtAuthenticationToken(token, authorities.convert(token))));
		return http.authorizeExchange((requests) -> authorize(requests, services))
			.oauth2ResourceServer((server) -> server
				.authenticationManagerResolver(
						(exchange) -> Mono.just((token) -> RequestThread.with(exchange, manager.authenticate(token))
							.doOnNext((caller) -> Caller.is(exchange, caller.getName()))))
				.authenticationFailureHandler(AccessConfiguration::continueAnonymously))
			.exceptionHandling((handling) -> handling
				.authenticationEntryPoint(
						(exchange, _) -> problems.respond(exchange, problemOf(exchange.getAttribute(TOKEN_FAILURE))))
				.accessDeniedHandler((exchange, _) -> problems.respond(exchange, Problem.ACCESS_DENIED)))
			.headers(ServerHttpSecurity.HeaderSpec::disable)
			.cors(ServerHttpSecurity.CorsSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.build();
	}

	/**
	 * Treats a request with an invalid token as anonymous, because an application may
	 * send its expired token with a log-in, and public paths must still work.
	 */
	private static Mono<Void> continueAnonymously(WebFilterExchange request, AuthenticationException failure) {
		request.getExchange().getAttributes().put(TOKEN_FAILURE, failure);
		return request.getChain().filter(request.getExchange());
	}

	/** A token that could not be checked may be valid, so the status is not 401. */
	private static Problem problemOf(@Nullable AuthenticationException failure) {
		return switch (failure) {
			case null -> Problem.UNAUTHENTICATED;
			case AuthenticationServiceException _ -> Problem.SERVICE_UNAVAILABLE;
			default -> Problem.INVALID_TOKEN;
		};
	}

	@Bean
	ServerWebExchangeFirewall firewall() {
		StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
		firewall.setAllowedHeaderNames(HeaderText::isName);
		firewall.setAllowedHeaderValues(HeaderText::isValue);
		return firewall;
	}

	/** Responds to ambiguous paths and unsupported methods. */
	@Bean
	ServerExchangeRejectedHandler rejectedHandler(Problems problems) {
		return (exchange, cause) -> problems.respond(exchange,
				SUPPORTED_METHODS.contains(exchange.getRequest().getMethod()) ? Problem.BAD_REQUEST
						: Problem.METHOD_NOT_KNOWN);
	}

}
