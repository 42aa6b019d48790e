package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsTests {

	private final Counts before = new Counts(Map.of("commits", 10.0, "statements", 7.0, "gone", 1.0));

	private final Counts after = new Counts(Map.of("commits", 16.0, "statements", 3.0, "new", 5.0));

	@Test
	void tellWhatWasCountedSinceAnEarlierReading() {
		assertThat(this.after.since(this.before).values()).containsExactlyEntriesOf(Map.of("commits", 6.0));
	}

	@Test
	void maySubtractMoreThanThereIs() {
		assertThat(this.after.minus(this.before).values())
			.containsExactlyInAnyOrderEntriesOf(Map.of("commits", 6.0, "statements", -4.0));
	}

	@Test
	void areGivenForOneOfMany() {
		assertThat(this.before.times(0.5).values()).containsEntry("commits", 5.0).containsEntry("statements", 3.5);
	}

}
