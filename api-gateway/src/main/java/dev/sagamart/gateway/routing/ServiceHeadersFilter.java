package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.problem.CorrelationId;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Makes the headers that a service gets. A client cannot say who it is or where it comes
 * from except by its access token: whatever of that kind it sends is left out, and
 * {@code X-Forwarded-For} is the address that we see.
 */
@Component
class ServiceHeadersFilter implements HttpHeadersFilter {

	private static final Set<String> DROPPED = Set.of("forwarded", "via", "baggage", "x-real-ip", "x-client-ip",
			"x-cluster-client-ip", "true-client-ip", "cf-connecting-ip", "fastly-client-ip", "x-correlation-id",
			"x-internal", "x-admin", "x-role", "x-roles", "x-tenant", "x-subject", "x-principal", "x-method-override");

	private static final Set<String> DROPPED_PREFIXES = Set.of("x-forwarded", "x-user", "x-auth", "x-original",
			"x-rewrite", "x-remote", "x-http-method", "x-envoy", "x-ssl", "x-client-cert", "x-jwt", "x-token");

	@Override
	public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
		HttpHeaders headers = new HttpHeaders();
		input.forEach((name, values) -> {
			if (!isDropped(name.toLowerCase(Locale.ROOT))) {
				headers.addAll(name, values);
			}
		});
		headers.set(CorrelationId.HEADER, CorrelationId.of(exchange));
		InetSocketAddress client = exchange.getRequest().getRemoteAddress();
		if (client != null && client.getAddress() != null) {
			headers.set("X-Forwarded-For", client.getAddress().getHostAddress());
		}
		return headers;
	}

	private static boolean isDropped(String name) {
		return DROPPED.contains(name) || DROPPED_PREFIXES.stream().anyMatch(name::startsWith);
	}

	@Override
	public boolean supports(Type type) {
		return type == Type.REQUEST;
	}

}
