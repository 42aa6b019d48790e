package dev.sagamart.gateway.routing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps repetitions a small part of all requests, so that they cannot bring down a
 * service that has trouble already.
 */
class RetryBudget {

	private static final int ONE = 100;

	/** Enough for a few failures when there is little traffic. */
	private static final int FULL = 10 * ONE;

	private final AtomicInteger credit = new AtomicInteger(FULL);

	private final int percent;

	RetryBudget(int percent) {
		this.percent = percent;
	}

	/** Called for every request. */
	void earn() {
		this.credit.accumulateAndGet(this.percent, (credit, gain) -> Math.min(FULL, credit + gain));
	}

	boolean spend() {
		return this.percent > 0 && this.credit.getAndUpdate((credit) -> (credit >= ONE) ? credit - ONE : credit) >= ONE;
	}

}
