package dev.sagamart.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Token buckets in Redis, or in memory while Redis is unavailable or slow. After a
 * failure, only the requests that already wait for Redis wait for the short time-out; all
 * others are counted in memory. Once per pause, such a request also calls Redis without
 * waiting for the result. If that call succeeds, Redis is used again.
 */
@Component
class RateLimiter {

	private static final Logger log = LoggerFactory.getLogger(RateLimiter.class);

	private final RedisBuckets redis;

	private final LocalBuckets local;

	private final Duration timeout;

	private final long pause;

	private final AtomicBoolean redisIsAway = new AtomicBoolean();

	private final AtomicBoolean awayForLong = new AtomicBoolean();

	private final AtomicLong nextProbe = new AtomicLong();

	private final Counter failures;

	RateLimiter(RateLimitProperties properties, RedisBuckets redis, MeterRegistry meters) {
		this.redis = redis;
		this.local = new LocalBuckets(properties.localBuckets(), System::nanoTime);
		this.timeout = properties.redisTimeout();
		this.pause = properties.redisPause().toNanos();
		Gauge.builder("sagamart.gateway.ratelimit.local", this, (self) -> self.isLocal() ? 1 : 0)
			.description("1 while Redis is away and this instance counts by itself")
			.register(meters);
		this.failures = Counter.builder("sagamart.gateway.ratelimit.redis.failures")
			.description("Calls of Redis that failed or took too long")
			.register(meters);
	}

	/**
	 * Takes a token from each bucket, or from none if one of them is empty. Never fails.
	 * @return the decision of each bucket, in the same order
	 */
	Mono<List<Decision>> take(List<Bucket> buckets) {
		if (isLocal()) {
			probeIfDue(buckets);
			return Mono.just(this.local.take(buckets));
		}
		return askRedis(buckets).onErrorResume((failure) -> Mono.just(this.local.take(buckets)));
	}

	boolean isLocal() {
		return this.redisIsAway.get();
	}

	private Mono<List<Decision>> askRedis(List<Bucket> buckets) {
		return this.redis.take(buckets).timeout(this.timeout).doOnError(this::failed);
	}

	private void failed(Throwable cause) {
		this.failures.increment();
		this.nextProbe.set(System.nanoTime() + this.pause);
		this.redisIsAway.set(true);
	}

	/** A single late answer is not logged: the first calls of a JVM are all late. */
	private void stillAway(Throwable cause) {
		if (this.awayForLong.compareAndSet(false, true)) {
			log.warn("Redis is away, rates are limited by this instance alone: {}", cause.toString());
		}
	}

	private void probeIfDue(List<Bucket> buckets) {
		long due = this.nextProbe.get();
		long now = System.nanoTime();
		if (now - due >= 0 && this.nextProbe.compareAndSet(due, now + this.pause)) {
			askRedis(buckets).subscribe((decisions) -> back(), this::stillAway);
		}
	}

	private void back() {
		this.redisIsAway.set(false);
		if (this.awayForLong.compareAndSet(true, false)) {
			log.info("Redis is back, rates are limited by all instances together");
		}
	}

}
