package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.bench.LoadGenerator.Result;
import dev.sagamart.e2e.bench.Options.Phase;
import dev.sagamart.e2e.bench.Outcome.Orders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CounterTableTests {

	private static final long REPORT_DELAY = Counters.REPORT_DELAY.toSeconds();

	/** 200 commits/s and almost no fetch requests. */
	private final Outcome idle = outcome(Phase.IDLE, 20, 0,
			Map.of("commits", 200.0 * (20 + REPORT_DELAY), "fetch requests", 0.01));

	/** 100 orders in 10 s with 9 commits each. */
	private final Outcome latency = outcome(Phase.LATENCY, 10, 100,
			Map.of("commits", 200.0 * (10 + REPORT_DELAY) + 900, "fetch requests", 0.0, "offset commits", 50.0));

	@Test
	void showsCountersPerOrderWithAndWithoutTheIdlePlatform() {
		assertThat(CounterTable.of(List.of(this.idle, this.latency)).lines()).startsWith(
				"| counts | idle, per s | latency, per order | without idle |", "| --- | ---: | ---: | ---: |",
				"| commits | 200 | 29 | 9.00 |", "| fetch requests | 0.00 | 0.00 | 0.00 |",
				"| offset commits | – | – | – |");
	}

	@Test
	void explainsThatTheIdlePlatformIsIncludedIfItWasNotMeasured() {
		assertThat(CounterTable.of(List.of(this.latency))).startsWith("""
				| counts | latency, per order |
				| --- | ---: |
				| commits | 51 |
				| fetch requests | 0.00 |
				| offset commits | 0.50 |
				""").contains("until 11 s after");
	}

	@Test
	void showsADashForADivisionByZero() {
		assertThat(CounterTable.of(List.of(outcome(Phase.SUSTAINED, 10, 0, Map.of("commits", 5.0)))).lines())
			.contains("| commits | – |");
	}

	@Test
	void isEmptyWithoutCounters() {
		assertThat(CounterTable.of(List.of(outcome(Phase.IDLE, 10, 0, Map.of())))).isEmpty();
	}

	private static Outcome outcome(Phase phase, double seconds, int confirmed, Map<String, Double> counts) {
		Orders orders = new Orders(confirmed, confirmed, 0, 1, new Latencies(), new Latencies(), 0, 0);
		return new Outcome(phase, new Result(Map.of(), Map.of(), 0), orders, Map.of(), new ProcessUsage(Map.of()),
				new CounterValues(new TreeMap<>(counts)), seconds);
	}

}
