package dev.sagamart.gateway.ratelimit;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DecisionTests {

	private static final Decision MUCH = new Decision(true, 100, 99, 1, 0);

	private static final Decision LITTLE = new Decision(true, 2000, 3, 2, 0);

	private static final Decision SOON = new Decision(false, 100, 0, 2, 1);

	private static final Decision LATE = new Decision(false, 10, 0, 9, 4);

	@Test
	void tellsOfTheBucketThatLeavesLeast() {
		assertThat(Decision.strictest(List.of(MUCH, LITTLE))).isEqualTo(LITTLE);
		assertThat(Decision.strictest(List.of(LITTLE, MUCH))).isEqualTo(LITTLE);
		assertThat(Decision.strictest(List.of(MUCH))).isEqualTo(MUCH);
	}

	@Test
	void tellsOfTheRefusalThatLastsLongest() {
		assertThat(Decision.strictest(List.of(LITTLE, SOON))).isEqualTo(SOON);
		assertThat(Decision.strictest(List.of(SOON, LATE))).isEqualTo(LATE);
		assertThat(Decision.strictest(List.of(LATE, MUCH, SOON))).isEqualTo(LATE);
	}

}
