package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.problem.ProblemException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Refuses bodies over the limit: by their announced length, or, when they come in chunks,
 * as soon as they are too long.
 */
@EdgeFilter
@Order(EdgeFilter.BODY_LIMIT)
class BodyLimitFilter implements WebFilter {

	private final long limit;

	BodyLimitFilter(RoutingProperties properties) {
		this.limit = properties.maxBodySize().toBytes();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		if (headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
			return chain
				.filter(exchange.mutate().request(new LimitedRequest(exchange.getRequest(), this.limit)).build());
		}
		if (headers.getContentLength() > this.limit) {
			return Mono.error(new ProblemException(EdgeProblem.CONTENT_TOO_LARGE));
		}
		return chain.filter(exchange);
	}

	private static final class LimitedRequest extends ServerHttpRequestDecorator {

		private final long limit;

		private LimitedRequest(ServerHttpRequest request, long limit) {
			super(request);
			this.limit = limit;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			AtomicLong seen = new AtomicLong();
			return super.getBody().handle((buffer, sink) -> {
				if (seen.addAndGet(buffer.readableByteCount()) > this.limit) {
					DataBufferUtils.release(buffer);
					sink.error(new ProblemException(EdgeProblem.CONTENT_TOO_LARGE));
				}
				else {
					sink.next(buffer);
				}
			});
		}

	}

}
