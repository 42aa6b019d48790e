package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CounterValuesTests {

	private final CounterValues before = new CounterValues(Map.of("commits", 10.0, "statements", 7.0, "gone", 1.0));

	private final CounterValues after = new CounterValues(Map.of("commits", 16.0, "statements", 3.0, "new", 5.0));

	@Test
	void containTheIncreaseSinceAnEarlierReading() {
		assertThat(this.after.since(this.before).values()).containsExactlyEntriesOf(Map.of("commits", 6.0));
	}

	@Test
	void mayBecomeNegative() {
		assertThat(this.after.minus(this.before).values())
			.containsExactlyInAnyOrderEntriesOf(Map.of("commits", 6.0, "statements", -4.0));
	}

	@Test
	void canBeScaled() {
		assertThat(this.before.times(0.5).values()).containsEntry("commits", 5.0).containsEntry("statements", 3.5);
	}

}
