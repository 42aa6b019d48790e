package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.problem.Problem;
import dev.sagamart.gateway.problem.ProblemException;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses at once what would only wait. It comes before everything that costs anything; a
 * request with a body gives its place back until the body is there
 * ({@link AnswerBeginsFilter}), else slow clients would take the places of all others.
 * The management port is not concerned. Tokens are not checked yet: whose is no good is
 * found out there, too.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 7)
class LoadSheddingFilter implements WebFilter {

	private final Admission admission;

	private final ApplicationContext context;

	LoadSheddingFilter(Admission admission, ApplicationContext context) {
		this.admission = admission;
		this.context = context;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (!this.context.equals(exchange.getApplicationContext())) {
			return chain.filter(exchange);
		}
		ServerHttpRequest request = exchange.getRequest();
		Admission.Place place = this.admission.place();
		if (!place.take(isRead(request) && !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION))) {
			return Mono.error(tooMuch());
		}
		if (hasBody(request.getHeaders())) {
			place.leave();
		}
		exchange.getAttributes().put(AnswerBeginsFilter.PLACE, place);
		return chain.filter(exchange).doFinally((signal) -> place.leave());
	}

	static ProblemException tooMuch() {
		return new ProblemException(Problem.SERVICE_UNAVAILABLE, "Too many requests are waiting", null);
	}

	static boolean isRead(ServerHttpRequest request) {
		HttpMethod method = request.getMethod();
		return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
	}

	private static boolean hasBody(HttpHeaders headers) {
		return headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

}
