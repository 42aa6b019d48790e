package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.gateway.routing.RequestShape;
import dev.sagamart.platform.problem.Problem;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses at once what would only wait. It comes before everything that costs anything.
 * Tokens are not checked yet, and bodies are not there: a request with either gives its
 * place back until they are ({@link AnswerBeginsFilter}), else slow clients would take
 * the places of all others, and words that nobody has checked those that are kept for
 * buyers. The management port is not concerned.
 */
@EdgeFilter
@Order(EdgeFilter.LOAD_SHEDDING)
class LoadSheddingFilter implements WebFilter {

	private final Admission admission;

	LoadSheddingFilter(Admission admission) {
		this.admission = admission;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (WebServerApplicationContext.hasServerNamespace(exchange.getApplicationContext(), "management")) {
			return chain.filter(exchange);
		}
		ServerHttpRequest request = exchange.getRequest();
		Admission.Place place = this.admission.place();
		boolean claimsToBeSomebody = request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION);
		if (!place.take(RequestShape.isRead(request) && !claimsToBeSomebody)) {
			return Mono.error(tooMuch());
		}
		if (claimsToBeSomebody || RequestShape.hasBody(request)) {
			place.leave();
		}
		exchange.getAttributes().put(AnswerBeginsFilter.PLACE, place);
		return chain.filter(exchange).doFinally((signal) -> place.leave());
	}

	static ProblemException tooMuch() {
		return new ProblemException(Problem.SERVICE_UNAVAILABLE, "Too many requests are waiting", null);
	}

}
