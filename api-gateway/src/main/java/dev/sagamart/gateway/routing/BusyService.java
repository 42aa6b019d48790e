package dev.sagamart.gateway.routing;

import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Hears from a service that it has too much of one kind of work, and is well otherwise.
 * The header goes no further.
 */
@Component
class BusyService implements HttpHeadersFilter, Ordered {

	private static final String HEADER = "X-Busy";

	private static final String ATTRIBUTE = BusyService.class.getName();

	/** Whether the service that answered is only busy. */
	static boolean answered(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE) != null;
	}

	@Override
	public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
		if (input.containsHeader(HEADER)) {
			exchange.getAttributes().put(ATTRIBUTE, true);
		}
		return input;
	}

	@Override
	public boolean supports(Type type) {
		return type == Type.RESPONSE;
	}

	/** Before the filter that lets only the public headers through. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
