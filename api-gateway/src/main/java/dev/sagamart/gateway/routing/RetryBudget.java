package dev.sagamart.gateway.routing;

import java.util.concurrent.atomic.AtomicInteger;

/** Limits the share of retries, so that they do not overload a failing service. */
class RetryBudget {

	private static final int RETRY_COST = 100;

	/** Permits a few retries when there is little traffic. */
	private static final int MAX_CREDIT = 10 * RETRY_COST;

	private final AtomicInteger credit = new AtomicInteger(MAX_CREDIT);

	private final int percent;

	RetryBudget(int percent) {
		this.percent = percent;
	}

	void earn() {
		this.credit.accumulateAndGet(this.percent, (credit, gain) -> Math.min(MAX_CREDIT, credit + gain));
	}

	boolean spend() {
		return this.percent > 0 && this.credit
			.getAndUpdate((credit) -> (credit >= RETRY_COST) ? credit - RETRY_COST : credit) >= RETRY_COST;
	}

}
