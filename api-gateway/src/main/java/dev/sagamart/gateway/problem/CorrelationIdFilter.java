package dev.sagamart.gateway.problem;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.platform.request.CorrelationId;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Puts the correlation id on every answer, once, whatever the service behind answered.
 */
@EdgeFilter
@Order(EdgeFilter.CORRELATION_ID)
class CorrelationIdFilter implements WebFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String id = Problems.correlationIdOf(exchange);
		exchange.getResponse().beforeCommit(() -> {
			exchange.getResponse().getHeaders().set(CorrelationId.HEADER, id);
			return Mono.empty();
		});
		return chain.filter(exchange);
	}

}
