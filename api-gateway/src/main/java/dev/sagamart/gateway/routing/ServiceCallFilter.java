package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
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
 * Calls a service until the first byte of the response, guarded by the circuit breaker of
 * the route, and retries reads after transient failures. The time in which the client
 * reads the response does not count.
 */
@EdgeFilter
@Order(EdgeFilter.SERVICE_CALL)
class ServiceCallFilter implements GlobalFilter {

	/** A response header of services, which is not forwarded to the client. */
	private static final String BUSY = "X-Busy";

	private final CircuitBreakerRegistry breakers;

	private final RoutingProperties.Retry retry;

	private final MeterRegistry meters;

	private final Map<String, RouteState> routes = new ConcurrentHashMap<>();

	ServiceCallFilter(RoutingProperties properties, CircuitBreakerRegistry breakers, MeterRegistry meters) {
		this.retry = properties.retry();
		this.breakers = breakers;
		this.meters = meters;
	}

	private record RouteState(CircuitBreaker breaker, RetryBudget budget, Counter retries) {
	}

	/** Signals a response that a retry may improve. */
	private static final class RetryableResponseException extends RuntimeException {

		private RetryableResponseException() {
			super(null, null, false, false);
		}

	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		RouteState state = this.routes.computeIfAbsent(route.getId(), this::newState);
		state.budget().earn();
		Mono<Void> call = Mono.defer(() -> call(exchange, chain, state.breaker()));
		if (!RequestTraits.isRead(exchange.getRequest())) {
			return call;
		}
		return call
			.then(Mono.defer(() -> isRetryable(exchange) ? Mono.<Void>error(new RetryableResponseException())
					: Mono.<Void>empty()))
			.retryWhen(Retry.from((failures) -> failures
				.concatMap((failure) -> retryDelay(exchange, state, failure.failure(), failure.totalRetries()))))
			.onErrorComplete(RetryableResponseException.class);
	}

	private RouteState newState(String route) {
		return new RouteState(this.breakers.circuitBreaker(route), new RetryBudget(this.retry.budgetPercent()),
				Counter.builder("sagamart.gateway.retries")
					.description("Calls of a service that were retried")
					.tag("route", route)
					.register(this.meters));
	}

	private static Mono<Void> call(ServerWebExchange exchange, GatewayFilterChain chain, CircuitBreaker breaker) {
		if (!breaker.tryAcquirePermission()) {
			return Mono.error(ProblemException.of(Problem.SERVICE_UNAVAILABLE,
					"The circuit breaker of the route " + breaker.getName() + " is open"));
		}
		long start = breaker.getCurrentTimestamp();
		return chain.filter(exchange)
			.doOnSuccess((done) -> recordOutcome(exchange, breaker, breaker.getCurrentTimestamp() - start))
			.doOnError((failure) -> breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(),
					failure))
			.doOnCancel(breaker::releasePermission);
	}

	private static void recordOutcome(ServerWebExchange exchange, CircuitBreaker breaker, long duration) {
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

	/** The service has too much work of one kind, but is healthy. */
	private static boolean isBusy(ServerWebExchange exchange) {
		HttpClientResponse answer = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
		return answer != null && answer.responseHeaders().contains(BUSY);
	}

	/** With {@code Retry-After}, the client decides when to retry. */
	private static boolean isRetryable(ServerWebExchange exchange) {
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		return status != null && (status.value() == 502 || status.value() == 503)
				&& !exchange.getResponse().getHeaders().containsHeader(HttpHeaders.RETRY_AFTER);
	}

	private Mono<Long> retryDelay(ServerWebExchange exchange, RouteState state, Throwable failure, long before) {
		boolean retryable = failure instanceof IOException || failure instanceof RetryableResponseException;
		if (!retryable || before >= this.retry.attempts() || !state.budget().spend()) {
			return Mono.error(failure);
		}
		ServerWebExchangeUtils.reset(exchange);
		state.retries().increment();
		long pause = this.retry.backoff().toNanos() << before;
		return Mono.delay(Duration.ofNanos(pause + ThreadLocalRandom.current().nextLong(1 + pause / 2)));
	}

}
