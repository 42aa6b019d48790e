package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTests {

	private final Latencies latencies = new Latencies();

	@Test
	void computesPercentiles() {
		LongStream.rangeClosed(1, 2000).map((i) -> 2001 - i).forEach((i) -> this.latencies.add(i * 1_000_000));
		assertThat(this.latencies.percentile(50)).isEqualTo(1000);
		assertThat(this.latencies.percentile(99)).isEqualTo(1980);
		assertThat(this.latencies.percentile(100)).isEqualTo(2000);
		assertThat(this.latencies.count()).isEqualTo(2000);
	}

	@Test
	void sortsAgainAfterMoreSamples() {
		this.latencies.add(2_000_000);
		assertThat(this.latencies.percentile(0)).isEqualTo(2);
		Latencies more = new Latencies();
		more.add(1_000_000);
		this.latencies.addAll(more);
		assertThat(this.latencies.percentile(0)).isEqualTo(1);
	}

	@Test
	void hasNoPercentilesWithoutSamples() {
		assertThat(this.latencies.percentile(50)).isNaN();
	}

}
