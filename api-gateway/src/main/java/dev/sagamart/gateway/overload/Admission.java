package dev.sagamart.gateway.overload;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** The requests that wait for their answer, and how many of them there may be. */
@Component
class Admission {

	private final AtomicInteger waiting = new AtomicInteger();

	private final AIMDLimit limit;

	private final long slow;

	private final int anonymousReadPercent;

	private final Counter shedAnonymousReads;

	private final Counter shedOthers;

	Admission(OverloadProperties properties, MeterRegistry meters) {
		this.limit = AIMDLimit.newBuilder()
			.minLimit(properties.minConcurrent())
			.initialLimit(properties.initialConcurrent())
			.maxLimit(properties.maxConcurrent())
			.timeout(properties.slow().toNanos(), TimeUnit.NANOSECONDS)
			.build();
		this.slow = properties.slow().toNanos();
		this.anonymousReadPercent = properties.anonymousReadPercent();
		Gauge.builder("sagamart.gateway.overload.limit", this.limit, AIMDLimit::getLimit)
			.description("Requests that may wait for their answer")
			.register(meters);
		Gauge.builder("sagamart.gateway.overload.waiting", this.waiting, AtomicInteger::get)
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
		return this.limit.getLimit();
	}

	Place place() {
		return new Place();
	}

	/** The place of one request among those that wait; it can be taken more than once. */
	final class Place {

		private final AtomicBoolean taken = new AtomicBoolean();

		private long since;

		private int others;

		private boolean reserved;

		/**
		 * Takes the place, unless there are too many; true also if it has it already.
		 * @param anonymousRead whether it must not be one of the reserve. A place that
		 * was taken from there is given back if that turns out only later.
		 */
		boolean take(boolean anonymousRead) {
			if (!this.taken.get()) {
				int now = Admission.this.waiting.incrementAndGet();
				int most = Admission.this.limit.getLimit();
				this.since = System.nanoTime();
				this.others = now;
				this.reserved = now > most * Admission.this.anonymousReadPercent / 100;
				this.taken.set(true);
				if (now > most) {
					leave();
				}
			}
			if (anonymousRead && this.reserved) {
				leave();
			}
			if (!this.taken.get()) {
				(anonymousRead ? Admission.this.shedAnonymousReads : Admission.this.shedOthers).increment();
			}
			return this.taken.get();
		}

		/** Leaves the place without having learnt anything. */
		void leave() {
			if (this.taken.compareAndSet(true, false)) {
				Admission.this.waiting.decrementAndGet();
			}
		}

		/** An answer begins. */
		void answered() {
			learn(true);
		}

		/** There will be none. That tells only something if it took long. */
		void failed() {
			learn(false);
		}

		private void learn(boolean answered) {
			if (this.taken.compareAndSet(true, false)) {
				Admission.this.waiting.decrementAndGet();
				long took = System.nanoTime() - this.since;
				if (answered || took > Admission.this.slow) {
					Admission.this.limit.onSample(this.since, took, this.others, false);
				}
			}
		}

	}

}
