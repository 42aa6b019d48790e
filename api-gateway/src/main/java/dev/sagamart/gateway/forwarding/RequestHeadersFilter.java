package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.problem.Problems;
import dev.sagamart.platform.request.CorrelationId;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Passes only the request headers that the contract of the services contains. Clients
 * therefore cannot override their identity, their address, the method or the path with a
 * header.
 */
@Component
class RequestHeadersFilter implements HttpHeadersFilter {

	private static final Set<String> ALLOWED = Set.of("accept", "accept-charset", "accept-encoding", "accept-language",
			"authorization", "cache-control", "content-disposition", "content-encoding", "content-language",
			"content-length", "content-type", "cookie", "idempotency-key", "if-match", "if-modified-since",
			"if-none-match", "if-range", "if-unmodified-since", "last-event-id", "range", "stripe-signature",
			"traceparent", "tracestate", "user-agent");

	private final ClientAddress clientAddress;

	private final String edgeSecret;

	RequestHeadersFilter(ClientAddress clientAddress, ForwardingProperties properties) {
		this.clientAddress = clientAddress;
		this.edgeSecret = properties.edgeSecret();
	}

	@Override
	public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
		HttpHeaders headers = ResponseHeadersFilter.retain(ALLOWED, input);
		headers.set(CorrelationId.HEADER, Problems.correlationIdOf(exchange));
		headers.set("X-Forwarded-For", this.clientAddress.of(exchange));
		if (!this.edgeSecret.isEmpty()) {
			headers.set("X-Edge-Secret", this.edgeSecret);
		}
		return headers;
	}

	@Override
	public boolean supports(Type type) {
		return type == Type.REQUEST;
	}

}
