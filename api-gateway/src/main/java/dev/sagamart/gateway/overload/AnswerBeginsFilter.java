package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.routing.RequestShape;
import dev.sagamart.gateway.security.Caller;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Frees the place of a request as soon as its answer begins, so that neither a stream of
 * events nor a slow reader keeps one. Whether a token is good is known by now: only who
 * has shown one gets a place that is kept for those. What waits for a password is slow
 * for no fault of the platform, and the limit learns nothing from it.
 */
@EdgeFilter
@Order(EdgeFilter.ANSWER_BEGINS)
class AnswerBeginsFilter implements GlobalFilter {

	static final String PLACE = Admission.Place.class.getName();

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Admission.Place place = exchange.getRequiredAttribute(PLACE);
		boolean anonymousRead = RequestShape.isRead(exchange.getRequest()) && Caller.idOf(exchange) == null;
		Mono<Void> answer = Mono
			.defer(() -> place.take(anonymousRead) ? chain.filter(exchange) : Mono.error(LoadSheddingFilter.tooMuch()))
			.doFinally((signal) -> place.leave());
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		return RequestShape.isPasswordWork(route) ? answer
				: answer.doOnSuccess((done) -> place.answered()).doOnError((failure) -> place.failed());
	}

}
