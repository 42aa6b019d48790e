package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.routing.RequestTraits;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses requests immediately when too many are waiting. At this point, neither the
 * token has been checked nor the body received. A request with a token or a body
 * therefore releases its permit until then ({@link ResponseStartFilter}); otherwise slow
 * clients could block all others, and invalid tokens could use the permits that are
 * reserved for customers. Requests to the management port are not limited.
 */
@EdgeFilter
@Order(EdgeFilter.LOAD_SHEDDING)
class LoadSheddingFilter implements WebFilter {

	private final ConcurrencyLimiter limiter;

	LoadSheddingFilter(ConcurrencyLimiter limiter) {
		this.limiter = limiter;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (WebServerApplicationContext.hasServerNamespace(exchange.getApplicationContext(), "management")) {
			return chain.filter(exchange);
		}
		ServerHttpRequest request = exchange.getRequest();
		ConcurrencyLimiter.Permit permit = this.limiter.newPermit();
		boolean hasToken = request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION);
		if (!permit.acquire(RequestTraits.isRead(request) && !hasToken)) {
			return Mono.error(overloaded());
		}
		if (hasToken || RequestTraits.hasBody(request)) {
			permit.release();
		}
		exchange.getAttributes().put(ResponseStartFilter.PERMIT, permit);
		return chain.filter(exchange).doFinally((signal) -> permit.release());
	}

	static ProblemException overloaded() {
		return ProblemException.of(Problem.SERVICE_UNAVAILABLE, "Too many requests are waiting for their response");
	}

}
