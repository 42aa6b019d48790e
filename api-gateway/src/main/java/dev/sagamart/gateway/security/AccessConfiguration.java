package dev.sagamart.gateway.security;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.gateway.problem.Problems;
import dev.sagamart.platform.problem.Problem;
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
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import reactor.core.publisher.Mono;

/**
 * Who may pass. The services decide again, and finer: here it is only about who needs a
 * token at all, and about what only an ADMIN can be after.
 */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

	private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
			HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

	private static final String[] DOCUMENTS = { "/openapi/*", "/asyncapi/*" };

	private static final String TOKEN_FAILURE = AccessConfiguration.class.getName() + ".tokenFailure";

	/**
	 * Paths that are not declared lead nowhere. What anyone may call is declared with its
	 * methods, so that nobody sends a body to where none is read.
	 */
	private static void rules(AuthorizeExchangeSpec requests, DeclaredServices services) {
		requests.pathMatchers(DeclaredServices.OPERATIONS).hasRole("ADMIN");
		services.paths().forEach((declared) -> {
			for (HttpMethod method : declared.withoutToken()) {
				requests.pathMatchers(method, declared.path()).permitAll();
			}
			if (declared.only().isEmpty()) {
				requests.pathMatchers(declared.path()).authenticated();
			}
			else {
				requests.pathMatchers(declared.path()).access(refusing(Problem.METHOD_NOT_KNOWN));
			}
		});
		requests.pathMatchers(HttpMethod.GET, DOCUMENTS).permitAll();
		requests.pathMatchers(HttpMethod.HEAD, DOCUMENTS).permitAll();
		requests.pathMatchers(DOCUMENTS).access(refusing(Problem.METHOD_NOT_KNOWN));
		requests.anyExchange().permitAll();
	}

	private static ReactiveAuthorizationManager<AuthorizationContext> refusing(Problem problem) {
		return (_, _) -> Mono.error(() -> new ProblemException(problem));
	}

	@Bean
	SecurityWebFilterChain access(ServerHttpSecurity http, DeclaredServices services, Problems problems,
			CheckedTokens tokens, TokenAuthorities authorities) {
		JwtReactiveAuthenticationManager check = new JwtReactiveAuthenticationManager(tokens);
		check.setJwtAuthenticationConverter(
				(token) -> Mono.just(new JwtAuthenticationToken(token, authorities.convert(token))));
		ServerAuthenticationEntryPoint challenge = (exchange, cause) -> problems.answer(exchange,
				challenge(exchange.getAttribute(TOKEN_FAILURE)));
		ServerAccessDeniedHandler refusal = (exchange, cause) -> problems.answer(exchange, Problem.ACCESS_DENIED);
		return http.authorizeExchange((requests) -> rules(requests, services))
			.oauth2ResourceServer((server) -> server
				.authenticationManagerResolver(
						(exchange) -> Mono.just((token) -> RequestThread.with(exchange, check.authenticate(token))
							.doOnNext((caller) -> Caller.is(exchange, caller.getName()))))
				.authenticationFailureHandler(AccessConfiguration::withoutCaller)
				.authenticationEntryPoint(challenge)
				.accessDeniedHandler(refusal))
			.exceptionHandling((handling) -> handling.authenticationEntryPoint(challenge).accessDeniedHandler(refusal))
			.headers(ServerHttpSecurity.HeaderSpec::disable)
			.cors(ServerHttpSecurity.CorsSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.build();
	}

	/**
	 * A token that is no good makes nobody a caller, and does no more: an application
	 * sends its old token along with a log-in, and what anyone may call has to work then
	 * too.
	 */
	private static Mono<Void> withoutCaller(WebFilterExchange request, AuthenticationException failure) {
		request.getExchange().getAttributes().put(TOKEN_FAILURE, failure);
		return request.getChain().filter(request.getExchange());
	}

	/** A token that could not be checked may be a good one, so that is no 401. */
	private static Problem challenge(@Nullable AuthenticationException failure) {
		return switch (failure) {
			case null -> Problem.UNAUTHENTICATED;
			case AuthenticationServiceException _ -> Problem.SERVICE_UNAVAILABLE;
			default -> Problem.INVALID_TOKEN;
		};
	}

	/** Paths in forms that hide where they lead, and methods that nobody here knows. */
	@Bean
	ServerExchangeRejectedHandler refusals(Problems problems) {
		return (exchange, cause) -> problems.answer(exchange,
				METHODS.contains(exchange.getRequest().getMethod()) ? Problem.BAD_REQUEST : Problem.METHOD_NOT_KNOWN);
	}

}
