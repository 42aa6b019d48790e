package dev.sagamart.e2e.bench;

import java.util.Arrays;

/** Exact durations in nanoseconds. Not thread-safe. */
final class Latencies {

	private long[] samples = new long[1024];

	private int count;

	private boolean sorted = true;

	void add(long nanos) {
		if (this.count == this.samples.length) {
			this.samples = Arrays.copyOf(this.samples, this.count * 2);
		}
		this.samples[this.count++] = nanos;
		this.sorted = false;
	}

	void addAll(Latencies others) {
		for (int i = 0; i < others.count; i++) {
			add(others.samples[i]);
		}
	}

	int count() {
		return this.count;
	}

	/**
	 * A percentile in milliseconds (nearest rank); NaN without samples.
	 */
	double percentile(double percent) {
		if (this.count == 0) {
			return Double.NaN;
		}
		if (!this.sorted) {
			Arrays.sort(this.samples, 0, this.count);
			this.sorted = true;
		}
		int rank = (int) Math.ceil(percent / 100 * this.count);
		return this.samples[Math.clamp(rank - 1, 0, this.count - 1)] / 1e6;
	}

}
