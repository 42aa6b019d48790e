package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.security.Caller;
import java.util.Locale;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Passes only the response headers that are meant for clients. It removes headers for the
 * gateway, headers about the software of a service, and its security headers, which the
 * gateway sets itself.
 */
@Component
class ResponseHeadersFilter implements HttpHeadersFilter {

	private static final Set<String> ALLOWED = Set.of("accept", "accept-patch", "accept-ranges", "age", "allow",
			"cache-control", "content-disposition", "content-encoding", "content-language", "content-length",
			"content-range", "content-security-policy", "content-type", "date", "deprecation", "etag", "expires",
			"idempotent-replayed", "last-modified", "link", "location", "pragma", "ratelimit", "ratelimit-limit",
			"ratelimit-policy", "ratelimit-remaining", "ratelimit-reset", "retry-after", "set-cookie", "sunset",
			"transfer-encoding", "vary", "www-authenticate", "x-accel-buffering");

	/** Names the user of a request without a token, for example a log-in. */
	private static final String SUBJECT = "X-Audit-Subject";

	@Override
	public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
		String subject = input.getFirst(SUBJECT);
		if (subject != null && Caller.idOf(exchange) == null) {
			Caller.is(exchange, subject);
		}
		return retain(ALLOWED, input);
	}

	static HttpHeaders retain(Set<String> allowed, HttpHeaders input) {
		HttpHeaders headers = new HttpHeaders();
		input.forEach((name, values) -> {
			if (allowed.contains(name.toLowerCase(Locale.ROOT))) {
				headers.addAll(name, values);
			}
		});
		return headers;
	}

	@Override
	public boolean supports(Type type) {
		return type == Type.RESPONSE;
	}

}
