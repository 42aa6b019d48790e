package dev.sagamart.platform.test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AwaitTimeoutTests {

	@Test
	void isLongerThanTheDefaultOfAwaitility() {
		AtomicLong left = new AtomicLong();
		Awaitility.await()
			.conditionEvaluationListener((condition) -> left.set(condition.getRemainingTimeInMS()))
			.until(() -> true);
		assertThat(left).hasValueGreaterThan(Duration.ofSeconds(20).toMillis());
	}

}
