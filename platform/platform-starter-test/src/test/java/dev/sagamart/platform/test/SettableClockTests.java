package dev.sagamart.platform.test;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SettableClockTests {

	@Test
	void standsStillUntilTimePasses() {
		Instant start = Instant.parse("2026-01-01T00:00:00Z");
		SettableClock clock = SettableClock.at(start);
		assertThat(clock.instant()).isEqualTo(start);
		clock.pass(Duration.ofMinutes(1));
		assertThat(clock.instant()).isEqualTo("2026-01-01T00:01:00Z");
		assertThat(clock.withZone(clock.getZone())).isSameAs(clock);
	}

}
