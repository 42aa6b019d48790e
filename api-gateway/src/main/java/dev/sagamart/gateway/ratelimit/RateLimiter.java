package dev.sagamart.gateway.ratelimit;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Token buckets in Redis, or in this instance while the circuit breaker of Redis is not
 * closed. A failure costs the requests that wait for Redis one short time-out. Until
 * Redis answers again, no request waits for it: the trial calls of the circuit breaker
 * run beside requests that use the local buckets.
 */
@Component
class RateLimiter {

	private static final Logger log = LoggerFactory.getLogger(RateLimiter.class);

	private final RedisBuckets redis;

	private final LocalBuckets local;

	private final Duration timeout;

	private final CircuitBreaker breaker;

	private final AtomicBoolean awayForLong = new AtomicBoolean();

	RateLimiter(RateLimitProperties properties, RedisBuckets redis, CircuitBreakerRegistry breakers,
			MeterRegistry meters) {
		this.redis = redis;
		this.local = new LocalBuckets(properties.localBuckets(), System::nanoTime);
		this.timeout = properties.redisTimeout();
		this.breaker = breakers.circuitBreaker("redis");
		Gauge.builder("sagamart.gateway.ratelimit.local", this, (self) -> self.isLocal() ? 1 : 0)
			.description("1 while Redis is away and this instance counts by itself")
			.register(meters);
	}

	/**
	 * Takes a token from each bucket, or from none if one of them is empty. Never fails.
	 * @return the decision of each bucket, in the same order
	 */
	Mono<List<Decision>> take(List<Bucket> buckets) {
		Mono<List<Decision>> shared = Mono.defer(() -> this.redis.take(buckets))
			.timeout(this.timeout)
			.transformDeferred(CircuitBreakerOperator.of(this.breaker));
		if (isLocal()) {
			shared.subscribe((decisions) -> back(), this::stillAway);
			return Mono.just(this.local.take(buckets));
		}
		return shared.onErrorResume((failure) -> Mono.just(this.local.take(buckets)));
	}

	boolean isLocal() {
		return this.breaker.getState() != CircuitBreaker.State.CLOSED;
	}

	/** A single late answer is not logged: the first calls of a JVM are always late. */
	private void stillAway(Throwable cause) {
		if (!(cause instanceof CallNotPermittedException) && this.awayForLong.compareAndSet(false, true)) {
			log.warn("Redis is away, rates are limited by this instance alone: {}", cause.toString());
		}
	}

	private void back() {
		if (this.awayForLong.compareAndSet(true, false)) {
			log.info("Redis is back, rates are limited by all instances together");
		}
	}

}
