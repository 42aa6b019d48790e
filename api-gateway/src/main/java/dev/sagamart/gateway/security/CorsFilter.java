package dev.sagamart.gateway.security;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.request.CorrelationId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsProcessor;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Permits cross-origin requests from the configured origins. Credentials are never
 * permitted: the API only accepts access tokens, which browsers do not send
 * automatically.
 *
 * <p>
 * Spring's own filter would refuse preflight requests with an empty response, and other
 * requests because of their {@code Origin}. That includes requests of our own pages: they
 * send the origin {@code null}, because they send no referrer, or another scheme if a
 * proxy terminates TLS. Here such requests pass without CORS headers, so browsers hide
 * the response from other sites.
 */
@EdgeFilter
@Order(EdgeFilter.CORS)
class CorsFilter implements WebFilter {

	private final CorsProcessor processor = new DefaultCorsProcessor();

	private final @Nullable CorsConfiguration configuration;

	CorsFilter(CorsProperties properties) {
		this.configuration = properties.allowedOrigins().isEmpty() ? null : configuration(properties);
	}

	private static CorsConfiguration configuration(CorsProperties properties) {
		CorsConfiguration configuration = new CorsConfiguration();
		configuration.setAllowedOrigins(properties.allowedOrigins());
		configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
		configuration.setAllowedHeaders(List.of("Accept", "Authorization", "Content-Type", "Idempotency-Key",
				"If-Match", "If-None-Match", "Last-Event-ID", CorrelationId.HEADER, "traceparent", "tracestate"));
		configuration.setExposedHeaders(List.of("ETag", "Idempotent-Replayed", "Location", "RateLimit",
				"RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
				"WWW-Authenticate", CorrelationId.HEADER));
		configuration.setMaxAge(Duration.ofHours(1));
		return configuration;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		if (CorsUtils.isPreFlightRequest(request)) {
			return (this.configuration != null && this.processor.process(this.configuration, exchange))
					? exchange.getResponse().setComplete()
					: Mono.error(ProblemException.of(EdgeProblem.ORIGIN_NOT_ALLOWED));
		}
		if (this.configuration != null) {
			exchange.getResponse().getHeaders().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
			if (this.configuration.checkOrigin(request.getHeaders().getOrigin()) != null) {
				this.processor.process(this.configuration, exchange);
			}
		}
		return chain.filter(exchange);
	}

}
