package dev.sagamart.gateway.ratelimit;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.forwarding.ClientAddress;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.security.Caller;
import dev.sagamart.gateway.security.RequestThread;
import dev.sagamart.platform.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses requests of clients that send too many, before anything else is done for them.
 * A request with a valid token counts against its user and against its address, so that
 * an address cannot send more requests by using more accounts. A request without a valid
 * token counts only against its address.
 */
@EdgeFilter
@Order(EdgeFilter.RATE_LIMIT)
class RateLimitFilter implements WebFilter {

	private final ServerBearerTokenAuthenticationConverter bearerTokens = new ServerBearerTokenAuthenticationConverter();

	private final ReactiveJwtDecoder tokens;

	private final RateLimiter limiter;

	private final ClientAddress clientAddress;

	private final Limit user;

	private final Limit address;

	private final Limit anonymous;

	private final Limit signIn;

	/** Requests that make accounts or sessions, check passwords or send mails. */
	private final Predicate<ServerHttpRequest> throttled;

	RateLimitFilter(RateLimitProperties properties, RateLimiter limiter, ReactiveJwtDecoder tokens,
			ClientAddress clientAddress, DeclaredServices services, MeterRegistry meters) {
		this.throttled = services.requests(DeclaredServices.Path::throttled);
		this.tokens = tokens;
		this.limiter = limiter;
		this.clientAddress = clientAddress;
		this.user = new Limit(properties.user(), "user", meters);
		this.address = new Limit(properties.address(), "address", meters);
		this.anonymous = new Limit(properties.anonymous(), "anonymous", meters);
		this.signIn = new Limit(properties.signIn(), "sign-in", meters);
	}

	private record Limit(String prefix, Rate rate, Counter allowed, Counter refused) {

		Limit(Rate rate, String name, MeterRegistry meters) {
			this("rate:" + name + ":", rate, counter(name, "allowed", meters), counter(name, "refused", meters));
		}

		Claim by(String who) {
			return new Claim(this, new Bucket(prefix() + who, rate()));
		}

		private static Counter counter(String limit, String outcome, MeterRegistry meters) {
			return Counter.builder("sagamart.gateway.ratelimit.requests")
				.description("Requests by the limits that they count against")
				.tag("limit", limit)
				.tag("outcome", outcome)
				.register(meters);
		}

	}

	private record Claim(Limit limit, Bucket bucket) {
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (WebServerApplicationContext.hasServerNamespace(exchange.getApplicationContext(), "management")) {
			return chain.filter(exchange);
		}
		return take(exchange).flatMap((decision) -> {
			tell(exchange, decision);
			return decision.allowed() ? chain.filter(exchange)
					: Mono.error(ProblemException.of(EdgeProblem.TOO_MANY_REQUESTS));
		});
	}

	private Mono<Decision> take(ServerWebExchange exchange) {
		String network = this.clientAddress.networkOf(exchange);
		if (this.throttled.test(exchange.getRequest())) {
			return take(exchange, this.signIn.by(network));
		}
		if (!exchange.getRequest().getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)) {
			return take(exchange, this.anonymous.by(network));
		}
		return subject(exchange).flatMap((subject) -> take(exchange, this.user.by(subject), this.address.by(network)))
			.switchIfEmpty(Mono.defer(() -> take(exchange, this.anonymous.by(network))));
	}

	/** The subject of a valid token; empty without a token or for any invalid one. */
	private Mono<String> subject(ServerWebExchange exchange) {
		return this.bearerTokens.convert(exchange)
			.cast(BearerTokenAuthenticationToken.class)
			.flatMap((token) -> this.tokens.decode(token.getToken()))
			.mapNotNull(Jwt::getSubject)
			.doOnNext((subject) -> Caller.is(exchange, subject))
			.onErrorComplete();
	}

	private Mono<Decision> take(ServerWebExchange exchange, Claim... claims) {
		Mono<Decision> decision = this.limiter.take(Stream.of(claims).map(Claim::bucket).toList())
			.doOnNext((decisions) -> count(claims, decisions))
			.map(Decision::strictest);
		return this.limiter.isLocal() ? decision : RequestThread.with(exchange, decision);
	}

	/**
	 * If a limit refuses a request, the limits that would have allowed it do not count
	 * it.
	 */
	private static void count(Claim[] claims, List<Decision> decisions) {
		boolean allowed = decisions.stream().allMatch(Decision::allowed);
		for (int i = 0; i < claims.length; i++) {
			if (allowed) {
				claims[i].limit().allowed().increment();
			}
			else if (!decisions.get(i).allowed()) {
				claims[i].limit().refused().increment();
			}
		}
	}

	private static void tell(ServerWebExchange exchange, Decision decision) {
		exchange.getResponse().beforeCommit(() -> {
			HttpHeaders headers = exchange.getResponse().getHeaders();
			headers.set("RateLimit-Limit", Integer.toString(decision.limit()));
			headers.set("RateLimit-Remaining", Long.toString(decision.remaining()));
			headers.set("RateLimit-Reset", Long.toString(decision.resetSeconds()));
			if (!decision.allowed()) {
				headers.set(HttpHeaders.RETRY_AFTER, Long.toString(decision.retryAfterSeconds()));
			}
			return Mono.empty();
		});
	}

}
