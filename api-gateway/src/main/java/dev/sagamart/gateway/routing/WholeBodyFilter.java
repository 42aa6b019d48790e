package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.forwarding.ClientAddress;
import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.gateway.security.Caller;
import dev.sagamart.platform.problem.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
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
 * Waits for the whole body of a request before anything of its service is used. Else slow
 * clients would hold the places of quick ones, and their time-outs and lost connections
 * would look like failures of the service. Of the room for bodies each address, and each
 * user, has a share; and who sends too little in a while is not waited for.
 */
@EdgeFilter
@Order(EdgeFilter.WHOLE_BODY)
class WholeBodyFilter implements GlobalFilter {

	/** What has to come of a body each time that is looked, if it is not its end. */
	private static final int LEAST_BYTES = 1024;

	private final RoutingProperties properties;

	private final ClientAddress clientAddress;

	private final AtomicLong kept = new AtomicLong();

	/** What is kept of each address and each user that has something here. */
	private final Map<String, Long> keptOf = new ConcurrentHashMap<>();

	WholeBodyFilter(RoutingProperties properties, ClientAddress clientAddress, MeterRegistry meters) {
		this.properties = properties;
		this.clientAddress = clientAddress;
		Gauge.builder("sagamart.gateway.bodies", this.kept, AtomicLong::get)
			.description("Bytes of requests' bodies that are here")
			.baseUnit("bytes")
			.register(meters);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		if (!RequestShape.hasBody(exchange.getRequest())) {
			return chain.filter(exchange);
		}
		if (RequestShape.isRead(exchange.getRequest())) {
			return Mono.error(new ProblemException(Problem.BAD_REQUEST, "No body is read here", null));
		}
		return Mono.defer(() -> {
			CountedBody counted = new CountedBody(exchange.getRequest(), ownersOf(exchange));
			return ServerWebExchangeUtils
				.cacheRequestBody(exchange.mutate().request(counted).build(),
						(whole) -> chain.filter(exchange.mutate().request(whole).build()))
				.doFinally((signal) -> counted.forget());
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
			return super.getBody()
				.onErrorMap((failure) -> new ProblemException(Problem.BAD_REQUEST, "The body does not end", failure))
				.handle((DataBuffer buffer, SynchronousSink<DataBuffer> sink) -> {
					Problem problem = count(buffer.readableByteCount());
					if (problem != null) {
						DataBufferUtils.release(buffer);
						sink.error(new ProblemException(problem, "Too much of bodies is here", null));
					}
					else {
						sink.next(buffer);
					}
				})
				.takeUntilOther(
						Mono.firstWithSignal(Mono.delay(WholeBodyFilter.this.properties.clientTimeout()), tooSlow())
							.then(Mono.error(() -> new ProblemException(EdgeProblem.REQUEST_TIMEOUT,
									"The body does not come, or too slowly", new TimeoutException()))));
		}

		private @Nullable Problem count(int bytes) {
			RoutingProperties limits = WholeBodyFilter.this.properties;
			boolean tooLarge = this.size.addAndGet(bytes) > limits.maxBodySize().toBytes();
			boolean tooMuchOfOne = false;
			for (String owner : this.owners) {
				tooMuchOfOne |= add(owner, bytes) > limits.maxBodiesSizeOfOne().toBytes();
			}
			boolean tooMuch = WholeBodyFilter.this.kept.addAndGet(bytes) > limits.maxBodiesSize().toBytes();
			if (tooLarge) {
				return EdgeProblem.CONTENT_TOO_LARGE;
			}
			if (tooMuch) {
				return Problem.SERVICE_UNAVAILABLE;
			}
			return tooMuchOfOne ? EdgeProblem.TOO_MANY_REQUESTS : null;
		}

		/** Comes when nearly nothing has come for a while. */
		private Mono<Long> tooSlow() {
			AtomicLong before = new AtomicLong();
			return Flux.interval(WholeBodyFilter.this.properties.bodyPace())
				.filter((_) -> this.size.get() - before.getAndSet(this.size.get()) < LEAST_BYTES)
				.next();
		}

		private long add(String owner, long bytes) {
			Long now = WholeBodyFilter.this.keptOf.merge(owner, bytes,
					(before, more) -> (before + more != 0) ? before + more : null);
			return (now != null) ? now : 0;
		}

		private void forget() {
			long all = this.size.get();
			WholeBodyFilter.this.kept.addAndGet(-all);
			if (all > 0) {
				this.owners.forEach((owner) -> add(owner, -all));
			}
		}

	}

}
