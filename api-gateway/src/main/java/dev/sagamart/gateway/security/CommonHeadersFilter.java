package dev.sagamart.gateway.security;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.Problems;
import dev.sagamart.platform.request.CorrelationId;
import dev.sagamart.platform.tokens.SecurityProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.web.server.header.CompositeServerHttpHeadersWriter;
import org.springframework.security.web.server.header.HttpHeaderWriterWebFilter;
import org.springframework.security.web.server.header.ServerHttpHeadersWriter;
import org.springframework.security.web.server.header.StaticServerHttpHeadersWriter;
import org.springframework.security.web.server.header.StrictTransportSecurityServerHttpHeadersWriter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sets the correlation id and the security headers on every response, also on those of
 * services. A service can only override the caching headers and the content security
 * policy.
 */
@EdgeFilter
@Order(EdgeFilter.COMMON_HEADERS)
class CommonHeadersFilter extends HttpHeaderWriterWebFilter {

	private static final String CONTENT_SECURITY_POLICY = "Content-Security-Policy";

	private static final String DEFAULT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; "
			+ "frame-ancestors 'none'";

	private static final ServerHttpHeadersWriter ALWAYS = StaticServerHttpHeadersWriter.builder()
		.header("X-Content-Type-Options", "nosniff")
		.header("X-Frame-Options", "DENY")
		.header("Referrer-Policy", "no-referrer")
		.header("Cross-Origin-Opener-Policy", "same-origin")
		.header("Cross-Origin-Resource-Policy", "same-origin")
		.build();

	/** Swagger UI needs data URLs for icons and one inline style, for its logo. */
	private static final String DOCUMENTATION_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' "
			+ "'unsafe-hashes' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	CommonHeadersFilter(SecurityProperties properties) {
		super(new CompositeServerHttpHeadersWriter(List.of(ALWAYS, CommonHeadersFilter::correlationId,
				CommonHeadersFilter::defaultsForMissingHeaders, strictTransport(properties.issuer()))));
	}

	/**
	 * If a proxy terminates TLS, the connections to the gateway are plain HTTP. Therefore
	 * the scheme of the issuer, the public address of the platform, decides.
	 */
	private static ServerHttpHeadersWriter strictTransport(String issuer) {
		return issuer.startsWith("https:") ? StaticServerHttpHeadersWriter.builder()
			.header(StrictTransportSecurityServerHttpHeadersWriter.STRICT_TRANSPORT_SECURITY,
					"max-age=31536000 ; includeSubDomains")
			.build() : new StrictTransportSecurityServerHttpHeadersWriter();
	}

	private static Mono<Void> correlationId(ServerWebExchange exchange) {
		exchange.getResponse().getHeaders().set(CorrelationId.HEADER, Problems.correlationIdOf(exchange));
		return Mono.empty();
	}

	private static Mono<Void> defaultsForMissingHeaders(ServerWebExchange exchange) {
		HttpHeaders headers = exchange.getResponse().getHeaders();
		if (!headers.containsHeader(CONTENT_SECURITY_POLICY)) {
			boolean documentation = exchange.getRequest().getPath().value().startsWith("/docs/");
			headers.set(CONTENT_SECURITY_POLICY, documentation ? DOCUMENTATION_POLICY : DEFAULT_POLICY);
		}
		if (isUncacheable(headers.getCacheControl(), exchange.getResponse().getStatusCode())) {
			headers.setCacheControl("private, no-store");
			headers.remove(HttpHeaders.PRAGMA);
			headers.remove(HttpHeaders.EXPIRES);
		}
		return Mono.empty();
	}

	/** Errors must never be cached, other responses only if they permit it. */
	private static boolean isUncacheable(@Nullable String caching, @Nullable HttpStatusCode status) {
		if (status != null && status.isError()) {
			return true;
		}
		return (caching == null) ? status != HttpStatus.NOT_MODIFIED : caching.contains("no-store");
	}

}
