package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.forwarding.ClientAddress;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.security.Caller;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Buffers the whole body of a request before the call of the service starts. Otherwise
 * slow clients would occupy the bulkheads, and their time-outs and lost connections would
 * count as failures of the service. The memory for all bodies is limited, also for each
 * address and each user, and clients that send too slowly are refused.
 */
@EdgeFilter
@Order(EdgeFilter.BODY_BUFFERING)
class BodyBufferingFilter implements GlobalFilter {

	/** The least number of bytes per interval, except at the end of a body. */
	private static final int MIN_BYTES = 1024;

	private final RoutingProperties properties;

	private final ClientAddress clientAddress;

	private final AtomicLong buffered = new AtomicLong();

	/** The buffered bytes of each address and each user. */
	private final Map<String, Long> bufferedByOwner = new ConcurrentHashMap<>();

	BodyBufferingFilter(RoutingProperties properties, ClientAddress clientAddress, MeterRegistry meters) {
		this.properties = properties;
		this.clientAddress = clientAddress;
		Gauge.builder("sagamart.gateway.bodies", this.buffered, AtomicLong::get)
			.description("Bytes of request bodies in memory")
			.baseUnit("bytes")
			.register(meters);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		if (!RequestTraits.hasBody(exchange.getRequest())) {
			return chain.filter(exchange);
		}
		if (RequestTraits.isRead(exchange.getRequest())) {
			return Mono.error(ProblemException.of(Problem.BAD_REQUEST, "A GET or HEAD request has a body"));
		}
		return Mono.defer(() -> {
			CountedBody counted = new CountedBody(exchange.getRequest(), ownersOf(exchange));
			return ServerWebExchangeUtils
				.cacheRequestBody(exchange.mutate().request(counted).build(),
						(whole) -> chain.filter(exchange.mutate().request(whole).build()))
				.doFinally((signal) -> counted.release());
		});
	}

	private List<String> ownersOf(ServerWebExchange exchange) {
		String network = this.clientAddress.networkOf(exchange);
		String user = Caller.idOf(exchange);
		return (user != null) ? List.of(network, user) : List.of(network);
	}

	private final class CountedBody extends ServerHttpRequestDecorator {

		private final AtomicLong size = new AtomicLong();

		private final List<String> owners;

		private CountedBody(ServerHttpRequest request, List<String> owners) {
			super(request);
			this.owners = owners;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return super.getBody().onErrorMap((_) -> ProblemException.of(Problem.BAD_REQUEST, "The body is incomplete"))
				.handle((DataBuffer buffer, SynchronousSink<DataBuffer> sink) -> {
					Problem problem = count(buffer.readableByteCount());
					if (problem != null) {
						DataBufferUtils.release(buffer);
						sink.error(ProblemException.of(problem, "The request bodies exceed a limit"));
					}
					else {
						sink.next(buffer);
					}
				})
				.takeUntilOther(
						Mono.firstWithSignal(Mono.delay(BodyBufferingFilter.this.properties.clientTimeout()), tooSlow())
							.then(Mono.error(() -> ProblemException.of(EdgeProblem.REQUEST_TIMEOUT,
									"The client sent the body too slowly"))));
		}

		private @Nullable Problem count(int bytes) {
			RoutingProperties limits = BodyBufferingFilter.this.properties;
			boolean tooLarge = this.size.addAndGet(bytes) > limits.maxBodySize().toBytes();
			boolean tooMuchOfOwner = false;
			for (String owner : this.owners) {
				tooMuchOfOwner |= add(owner, bytes) > limits.maxBodiesSizeOfOne().toBytes();
			}
			boolean tooMuch = BodyBufferingFilter.this.buffered.addAndGet(bytes) > limits.maxBodiesSize().toBytes();
			if (tooLarge) {
				return EdgeProblem.CONTENT_TOO_LARGE;
			}
			if (tooMuch) {
				return Problem.SERVICE_UNAVAILABLE;
			}
			return tooMuchOfOwner ? EdgeProblem.TOO_MANY_REQUESTS : null;
		}

		/** Emits when the client sends too slowly. */
		private Mono<Long> tooSlow() {
			AtomicLong before = new AtomicLong();
			return Flux.interval(BodyBufferingFilter.this.properties.bodyPace())
				.filter((_) -> this.size.get() - before.getAndSet(this.size.get()) < MIN_BYTES)
				.next();
		}

		private long add(String owner, long bytes) {
			Long now = BodyBufferingFilter.this.bufferedByOwner.merge(owner, bytes,
					(before, more) -> (before + more != 0) ? before + more : null);
			return (now != null) ? now : 0;
		}

		private void release() {
			long all = this.size.get();
			BodyBufferingFilter.this.buffered.addAndGet(-all);
			if (all > 0) {
				this.owners.forEach((owner) -> add(owner, -all));
			}
		}

	}

}
