package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.FilterOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Hears from a service whose request it was, where there was no access token to tell: on
 * a log-in, a registration, a refresh. The header goes no further.
 */
@Component
class AuditSubject implements HttpHeadersFilter, Ordered {

	private static final String HEADER = "X-Audit-Subject";

	private static final String ATTRIBUTE = AuditSubject.class.getName();

	static @Nullable String of(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE);
	}

	@Override
	public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
		String subject = input.getFirst(HEADER);
		if (subject != null) {
			exchange.getAttributes().put(ATTRIBUTE, subject);
			input.remove(HEADER);
		}
		return input;
	}

	@Override
	public boolean supports(Type type) {
		return type == Type.RESPONSE;
	}

	@Override
	public int getOrder() {
		return FilterOrder.AUDIT_SUBJECT.order();
	}

}
