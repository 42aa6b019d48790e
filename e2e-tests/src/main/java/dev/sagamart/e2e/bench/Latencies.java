package dev.sagamart.e2e.bench;

import java.util.ArrayList;
import java.util.List;

/** Exact durations in nanoseconds. Not thread-safe. */
final class Latencies {

	private final List<Long> samples = new ArrayList<>();

	void add(long nanos) {
		this.samples.add(nanos);
	}

	void addAll(Latencies others) {
		this.samples.addAll(others.samples);
	}

	int count() {
		return this.samples.size();
	}

	/**
	 * A percentile in milliseconds (nearest rank); NaN without samples.
	 */
	double percentile(double percent) {
		if (this.samples.isEmpty()) {
			return Double.NaN;
		}
		int rank = (int) Math.ceil(percent / 100 * this.samples.size());
		return this.samples.stream().sorted().skip(Math.max(rank - 1, 0)).findFirst().orElseThrow() / 1e6;
	}

}
