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

/** The requests that wait for their answer, and how many of them there may be. */
@Component
class Admission {

	private final SimpleLimiter<Place> limiter;

	private final OverloadProperties properties;

	private final Counter shedAnonymousReads;

	private final Counter shedOthers;

	Admission(OverloadProperties properties, MeterRegistry meters) {
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
			.description("Requests that may wait for their answer")
			.register(meters);
		Gauge.builder("sagamart.gateway.overload.waiting", this.limiter, SimpleLimiter::getInflight)
			.description("Requests that wait for their answer")
			.register(meters);
		this.shedAnonymousReads = shed("anonymous-read", meters);
		this.shedOthers = shed("other", meters);
	}

	private static Counter shed(String kind, MeterRegistry meters) {
		return Counter.builder("sagamart.gateway.overload.shed")
			.description("Requests that were refused because too many were waiting")
			.tag("kind", kind)
			.register(meters);
	}

	int limit() {
		return this.limiter.getLimit();
	}

	Place place() {
		return new Place();
	}

	/** The place of one request among those that wait; it can be taken more than once. */
	final class Place {

		private final AtomicReference<Limiter.@Nullable Listener> taken = new AtomicReference<>();

		private long since;

		private boolean reserved;

		/**
		 * Takes the place, unless there are too many; true also if it has it already.
		 * @param anonymousRead whether it must not be one of the reserve. A place that
		 * was taken from there is given back if that turns out only later.
		 */
		boolean take(boolean anonymousRead) {
			SimpleLimiter<Place> limiter = Admission.this.limiter;
			if (this.taken.get() == null) {
				this.since = System.nanoTime();
				this.taken.set(limiter.acquire(this).orElse(null));
				int percent = Admission.this.properties.anonymousReadPercent();
				this.reserved = limiter.getInflight() > limiter.getLimit() * percent / 100;
			}
			if (anonymousRead && this.reserved) {
				leave();
			}
			boolean admitted = this.taken.get() != null;
			if (!admitted) {
				(anonymousRead ? Admission.this.shedAnonymousReads : Admission.this.shedOthers).increment();
			}
			return admitted;
		}

		/** Leaves the place without having learnt anything. */
		void leave() {
			end(Limiter.Listener::onIgnore);
		}

		/** An answer begins. */
		void answered() {
			end(Limiter.Listener::onSuccess);
		}

		/** There will be none. That tells only something if it took long. */
		void failed() {
			boolean late = System.nanoTime() - this.since > Admission.this.properties.slow().toNanos();
			end(late ? Limiter.Listener::onSuccess : Limiter.Listener::onIgnore);
		}

		private void end(Consumer<Limiter.Listener> how) {
			Limiter.Listener place = this.taken.getAndSet(null);
			if (place != null) {
				how.accept(place);
			}
		}

	}

}
