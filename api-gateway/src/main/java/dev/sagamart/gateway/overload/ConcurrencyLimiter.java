package dev.sagamart.gateway.overload;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Limits how many requests may wait for their response at the same time. */
@Component
class ConcurrencyLimiter {

	private final SimpleLimiter<Permit> limiter;

	private final OverloadProperties properties;

	private final Counter shedAnonymousReads;

	private final Counter shedOthers;

	ConcurrencyLimiter(OverloadProperties properties, MeterRegistry meters) {
		this.properties = properties;
		this.limiter = SimpleLimiter.newBuilder()
			.limit(AIMDLimit.newBuilder()
				.minLimit(properties.minConcurrent())
				.initialLimit(properties.initialConcurrent())
				.maxLimit(properties.maxConcurrent())
				.timeout(properties.slow().toNanos(), TimeUnit.NANOSECONDS)
				.build())
			.build();
		Gauge.builder("sagamart.gateway.overload.limit", this.limiter, SimpleLimiter::getLimit)
			.description("Limit for requests that wait for their response")
			.register(meters);
		Gauge.builder("sagamart.gateway.overload.waiting", this.limiter, SimpleLimiter::getInflight)
			.description("Requests that wait for their response")
			.register(meters);
		this.shedAnonymousReads = shedCounter("anonymous-read", meters);
		this.shedOthers = shedCounter("other", meters);
	}

	private static Counter shedCounter(String kind, MeterRegistry meters) {
		return Counter.builder("sagamart.gateway.overload.shed")
			.description("Requests that were refused because the limit was reached")
			.tag("kind", kind)
			.register(meters);
	}

	int limit() {
		return this.limiter.getLimit();
	}

	Permit newPermit() {
		return new Permit();
	}

	/** The permit of one request, which can be acquired again after its release. */
	final class Permit {

		private final AtomicReference<Limiter.@Nullable Listener> listener = new AtomicReference<>();

		private long acquiredAt;

		private boolean reserved;

		/**
		 * Acquires the permit unless the limit is reached; {@code true} if already
		 * acquired.
		 * @param anonymousRead whether the reserved part of the limit is not available; a
		 * reserved permit that is already acquired is then released, and the result is
		 * {@code false}
		 */
		boolean acquire(boolean anonymousRead) {
			SimpleLimiter<Permit> limiter = ConcurrencyLimiter.this.limiter;
			// One at a time: a permit that is released at once must not make another
			// request's permit a reserved one.
			synchronized (limiter) {
				if (this.listener.get() == null) {
					this.acquiredAt = System.nanoTime();
					this.listener.set(limiter.acquire(this).orElse(null));
					int percent = ConcurrencyLimiter.this.properties.anonymousReadPercent();
					this.reserved = limiter.getInflight() > limiter.getLimit() * percent / 100;
				}
				if (anonymousRead && this.reserved) {
					release();
				}
			}
			boolean admitted = this.listener.get() != null;
			if (!admitted) {
				(anonymousRead ? ConcurrencyLimiter.this.shedAnonymousReads : ConcurrencyLimiter.this.shedOthers)
					.increment();
			}
			return admitted;
		}

		/** Releases the permit without an effect on the limit. */
		void release() {
			end(Limiter.Listener::onIgnore);
		}

		/** Releases the permit when the response starts. */
		void responseStarted() {
			end(Limiter.Listener::onSuccess);
		}

		/** Releases the permit without a response; this lowers the limit if late. */
		void failed() {
			boolean slow = System.nanoTime() - this.acquiredAt > ConcurrencyLimiter.this.properties.slow().toNanos();
			end(slow ? Limiter.Listener::onSuccess : Limiter.Listener::onIgnore);
		}

		private void end(Consumer<Limiter.Listener> action) {
			Limiter.Listener acquired = this.listener.getAndSet(null);
			if (acquired != null) {
				action.accept(acquired);
			}
		}

	}

}
