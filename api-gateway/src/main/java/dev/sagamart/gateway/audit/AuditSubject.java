package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.EdgeFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Hears from a service whose request it was, where there was no access token to tell: on
 * a log-in, a registration, a refresh. The header goes no further.
 */
@EdgeFilter
@Order(EdgeFilter.AUDIT_SUBJECT)
class AuditSubject implements HttpHeadersFilter {

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

}
