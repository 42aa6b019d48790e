package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.security.Caller;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Frees the place of a request as soon as its answer begins, so that neither a stream of
 * events nor a slow reader keeps one. Who has shown a token that is no good gets no place
 * that is kept for those with a good one.
 */
@Component
class AnswerBeginsFilter implements GlobalFilter, Ordered {

	static final String PLACE = Admission.Place.class.getName();

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 20;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Admission.Place place = exchange.getRequiredAttribute(PLACE);
		boolean anonymousRead = LoadSheddingFilter.isRead(exchange.getRequest()) && Caller.idOf(exchange) == null;
		return Mono
			.defer(() -> place.take(anonymousRead) ? chain.filter(exchange) : Mono.error(LoadSheddingFilter.tooMuch()))
			.doOnSuccess((done) -> place.answered())
			.doOnError((failure) -> place.failed())
			.doFinally((signal) -> place.leave());
	}

}
