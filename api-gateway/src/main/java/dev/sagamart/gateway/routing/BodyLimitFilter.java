package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.platform.problem.ProblemException;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Checks {@code Content-Length}; {@link BodyBufferingFilter} counts chunked bodies. */
@EdgeFilter
@Order(EdgeFilter.BODY_LIMIT)
class BodyLimitFilter implements WebFilter {

	private final long limit;

	BodyLimitFilter(RoutingProperties properties) {
		this.limit = properties.maxBodySize().toBytes();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return (exchange.getRequest().getHeaders().getContentLength() > this.limit)
				? Mono.error(ProblemException.of(EdgeProblem.CONTENT_TOO_LARGE)) : chain.filter(exchange);
	}

}
