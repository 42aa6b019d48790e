package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.platform.problem.Problem;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.retry.Retry;

/**
 * Calls a service, up to the first byte of its answer: not at all while its circuit is
 * open, and again if it was a read that failed on its way. How long the client takes for
 * the answer does not count.
 */
@EdgeFilter
@Order(EdgeFilter.SERVICE_CALL)
class ServiceCallFilter implements GlobalFilter {

	/** Of an answer; the header goes no further. */
	private static final String BUSY = "X-Busy";

	private final CircuitBreakerRegistry breakers;

	private final RoutingProperties.Retry retry;

	private final MeterRegistry meters;

	private final Map<String, Service> services = new ConcurrentHashMap<>();

	ServiceCallFilter(RoutingProperties properties, MeterRegistry meters) {
		this.retry = properties.retry();
		this.meters = meters;
		RoutingProperties.Breaker breaker = properties.breaker();
		this.breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
			.slidingWindow(Math.toIntExact(breaker.window().toSeconds()), breaker.minimumCalls(),
					CircuitBreakerConfig.SlidingWindowType.TIME_BASED,
					CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
			.failureRateThreshold(breaker.failurePercent())
			.slowCallDurationThreshold(breaker.slowCall())
			.slowCallRateThreshold(breaker.slowPercent())
			.waitDurationInOpenState(breaker.openFor())
			.permittedNumberOfCallsInHalfOpenState(breaker.trialCalls())
			.build());
		TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(this.breakers).bindTo(meters);
	}

	private record Service(CircuitBreaker breaker, RetryBudget budget, Counter retries) {
	}

	/** An answer that another attempt might better. */
	private static final class PassingTroubleException extends RuntimeException {

		private PassingTroubleException() {
			super(null, null, false, false);
		}

	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		Service service = this.services.computeIfAbsent(route.getId(), this::service);
		service.budget().earn();
		Mono<Void> call = Mono.defer(() -> call(exchange, chain, service.breaker()));
		if (!RequestShape.isRead(exchange.getRequest())) {
			return call;
		}
		return call
			.then(Mono.defer(() -> isPassingTrouble(exchange) ? Mono.<Void>error(new PassingTroubleException())
					: Mono.<Void>empty()))
			.retryWhen(Retry.from((failures) -> failures
				.concatMap((failure) -> again(exchange, service, failure.failure(), failure.totalRetries()))))
			.onErrorComplete(PassingTroubleException.class);
	}

	private Service service(String route) {
		return new Service(this.breakers.circuitBreaker(route), new RetryBudget(this.retry.budgetPercent()),
				Counter.builder("sagamart.gateway.retries")
					.description("Calls of a service that were repeated")
					.tag("route", route)
					.register(this.meters));
	}

	private static Mono<Void> call(ServerWebExchange exchange, GatewayFilterChain chain, CircuitBreaker breaker) {
		if (!breaker.tryAcquirePermission()) {
			return Mono.error(new ProblemException(Problem.SERVICE_UNAVAILABLE,
					"The circuit of " + breaker.getName() + " is open", null));
		}
		long start = breaker.getCurrentTimestamp();
		return chain.filter(exchange)
			.doOnSuccess((done) -> answered(exchange, breaker, breaker.getCurrentTimestamp() - start))
			.doOnError((failure) -> breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(),
					failure))
			.doOnCancel(breaker::releasePermission);
	}

	private static void answered(ServerWebExchange exchange, CircuitBreaker breaker, long duration) {
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		if (isBusy(exchange)) {
			breaker.releasePermission();
		}
		else if (status != null && status.is5xxServerError()) {
			breaker.onError(duration, breaker.getTimestampUnit(), new IOException("Status " + status.value()));
		}
		else {
			breaker.onSuccess(duration, breaker.getTimestampUnit());
		}
	}

	/** Says that it has too much of one kind of work, and is well otherwise. */
	private static boolean isBusy(ServerWebExchange exchange) {
		HttpClientResponse answer = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
		return answer != null && answer.responseHeaders().contains(BUSY);
	}

	/** A service that says when to come back is not asked sooner. */
	private static boolean isPassingTrouble(ServerWebExchange exchange) {
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		return status != null && (status.value() == 502 || status.value() == 503)
				&& !exchange.getResponse().getHeaders().containsHeader(HttpHeaders.RETRY_AFTER);
	}

	private Mono<Long> again(ServerWebExchange exchange, Service service, Throwable failure, long before) {
		boolean passing = failure instanceof IOException || failure instanceof PassingTroubleException;
		if (!passing || before >= this.retry.attempts() || !service.budget().spend()) {
			return Mono.error(failure);
		}
		ServerWebExchangeUtils.reset(exchange);
		service.retries().increment();
		long pause = this.retry.backoff().toNanos() << before;
		return Mono.delay(Duration.ofNanos(pause + ThreadLocalRandom.current().nextLong(1 + pause / 2)));
	}

}
