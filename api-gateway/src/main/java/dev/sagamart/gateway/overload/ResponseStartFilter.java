package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.routing.RequestTraits;
import dev.sagamart.gateway.security.Caller;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Releases the permit of a request as soon as its response starts, so that event streams
 * and slow readers hold none. At this point the token has been checked, so reads without
 * a valid token get no reserved permit. Requests that hash a password do not change the
 * limit, because they are always slow.
 */
@EdgeFilter
@Order(EdgeFilter.RESPONSE_START)
class ResponseStartFilter implements GlobalFilter {

	static final String PERMIT = ConcurrencyLimiter.Permit.class.getName();

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ConcurrencyLimiter.Permit permit = exchange.getRequiredAttribute(PERMIT);
		boolean anonymousRead = RequestTraits.isRead(exchange.getRequest()) && Caller.idOf(exchange) == null;
		Mono<Void> response = Mono.defer(() -> permit.acquire(anonymousRead) ? chain.filter(exchange)
				: Mono.error(LoadSheddingFilter.overloaded()))
			.doFinally((signal) -> permit.release());
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		return RequestTraits.hashesPassword(route) ? response
				: response.doOnSuccess((done) -> permit.responseStarted()).doOnError((failure) -> permit.failed());
	}

}
