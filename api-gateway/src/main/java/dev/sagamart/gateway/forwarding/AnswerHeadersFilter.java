package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.security.Caller;
import java.util.Locale;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Lets through the headers of an answer that a client is meant to see. What a service
 * tells the gateway, what it says about its software, and its own security headers, which
 * the gateway sets for all, are not among them.
 */
@Component
class AnswerHeadersFilter implements HttpHeadersFilter {

	private static final Set<String> PASSED = Set.of("accept", "accept-patch", "accept-ranges", "age", "allow",
			"cache-control", "content-disposition", "content-encoding", "content-language", "content-length",
			"content-range", "content-security-policy", "content-type", "date", "deprecation", "etag", "expires",
			"idempotent-replayed", "last-modified", "link", "location", "pragma", "ratelimit", "ratelimit-limit",
			"ratelimit-policy", "ratelimit-remaining", "ratelimit-reset", "retry-after", "set-cookie", "sunset",
			"transfer-encoding", "vary", "www-authenticate", "x-accel-buffering");

	/**
	 * By which a service says whose request it was, where there was no access token to
	 * tell: on a log-in, a registration, a refresh.
	 */
	private static final String SUBJECT = "X-Audit-Subject";

	@Override
	public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
		String subject = input.getFirst(SUBJECT);
		if (subject != null && Caller.idOf(exchange) == null) {
			Caller.is(exchange, subject);
		}
		return only(PASSED, input);
	}

	static HttpHeaders only(Set<String> passed, HttpHeaders input) {
		HttpHeaders headers = new HttpHeaders();
		input.forEach((name, values) -> {
			if (passed.contains(name.toLowerCase(Locale.ROOT))) {
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
