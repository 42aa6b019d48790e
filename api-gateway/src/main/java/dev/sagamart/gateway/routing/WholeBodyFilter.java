package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.problem.Problem;
import dev.sagamart.gateway.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Waits for the whole body of a request before anything of its service is used. Else slow
 * clients would hold the places of quick ones, and their time-outs and lost connections
 * would look like failures of the service.
 */
@Component
class WholeBodyFilter implements GlobalFilter, Ordered {

	/** Inside of the filter that lets go of the body in the end. */
	static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 2;

	private final Duration timeout;

	private final long room;

	private final AtomicLong kept = new AtomicLong();

	WholeBodyFilter(RoutingProperties properties, MeterRegistry meters) {
		this.timeout = properties.clientTimeout();
		this.room = properties.maxBodiesSize().toBytes();
		Gauge.builder("sagamart.gateway.bodies", this.kept, AtomicLong::get)
			.description("Bytes of requests' bodies that are here")
			.baseUnit("bytes")
			.register(meters);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		if (!hasBody(exchange.getRequest())) {
			return chain.filter(exchange);
		}
		return Mono.defer(() -> {
			CountedBody counted = new CountedBody(exchange.getRequest());
			return ServerWebExchangeUtils
				.cacheRequestBody(exchange.mutate().request(counted).build(),
						(whole) -> chain.filter(exchange.mutate().request(whole).build()))
				.doFinally((signal) -> counted.forget());
		});
	}

	static boolean hasBody(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		return headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

	private final class CountedBody extends ServerHttpRequestDecorator {

		private final AtomicLong size = new AtomicLong();

		private CountedBody(ServerHttpRequest request) {
			super(request);
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return super.getBody()
				.onErrorMap((failure) -> !(failure instanceof ProblemException),
						(failure) -> new ProblemException(Problem.BAD_REQUEST, "The body does not end", failure))
				.handle((DataBuffer buffer, SynchronousSink<DataBuffer> sink) -> {
					int length = buffer.readableByteCount();
					this.size.addAndGet(length);
					if (WholeBodyFilter.this.kept.addAndGet(length) > WholeBodyFilter.this.room) {
						DataBufferUtils.release(buffer);
						sink.error(new ProblemException(Problem.SERVICE_UNAVAILABLE, "Too many bodies are here", null));
					}
					else {
						sink.next(buffer);
					}
				})
				.takeUntilOther(Mono.delay(WholeBodyFilter.this.timeout)
					.then(Mono.error(() -> new ProblemException(Problem.REQUEST_TIMEOUT,
							"No complete body within " + WholeBodyFilter.this.timeout, new TimeoutException()))));
		}

		private void forget() {
			WholeBodyFilter.this.kept.addAndGet(-this.size.get());
		}

	}

}
