package dev.sagamart.gateway.audit;

import dev.sagamart.platform.test.SettableClock;
import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Limits what a flood of refusals writes to the database. */
class AuditFloodIntegrationTests {

	private static final int FLOOD = 10_000;

	private final AuditDatabase database = AuditDatabase.create();

	private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T10:00:30Z"));

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final AuditTrail trail = this.database.trail(AuditDatabase.DEFAULTS, this.clock, this.meters);

	@AfterEach
	void stop() {
		this.trail.stop();
	}

	@Test
	void writesOneRowPerMinuteForOneAddress() {
		this.trail.start();
		flood((i) -> AuditDatabase.refusal(this.clock.instant(), "192.0.2.7", "/" + i));
		this.clock.pass(Duration.ofMinutes(1));
		awaitRefusals(FLOOD);
		assertThat(this.database.count("count(*) from audit_refusal")).isEqualTo(1);
		assertThat(this.database.count("jsonb_array_length(samples) from audit_refusal")).isEqualTo(3);
		flood((i) -> AuditDatabase.refusal(this.clock.instant(), "192.0.2.7", "/" + i));
		this.clock.pass(Duration.ofMinutes(1));
		awaitRefusals(2 * FLOOD);
		assertThat(this.database.count("count(*) from audit_refusal")).isEqualTo(2);
	}

	@Test
	void writesARefusalBeforeTheMinuteIsOver() {
		this.trail.start();
		flood((i) -> AuditDatabase.refusal(this.clock.instant(), "192.0.2.7", "/" + i));
		this.clock.pass(Duration.ofSeconds(1));
		Awaitility.await()
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(refused()).isBetween(FLOOD / 2L, (long) FLOOD));
	}

	@Test
	void limitsTheRowsForManyAddresses() {
		flood((i) -> AuditDatabase.refusal(this.clock.instant(), "2001:db8:0:" + Integer.toHexString(i) + "::/64",
				"/"));
		this.trail.start();
		awaitRefusals(FLOOD);
		assertThat(this.database.count("count(*) from audit_refusal"))
			.isEqualTo(AuditDatabase.DEFAULTS.refusalsAtOnce() + 1);
		assertThat(this.database.count("count from audit_refusal where address = 'others'"))
			.isEqualTo(FLOOD - AuditDatabase.DEFAULTS.refusalsAtOnce());
	}

	@Test
	void doesNotDropOtherEntries() {
		int room = AuditDatabase.DEFAULTS.queueCapacity();
		flood((i) -> AuditDatabase.refusal(this.clock.instant(), "192.0.2." + i, "/"));
		IntStream.range(0, room).forEach((i) -> this.trail.add(AuditDatabase.change(this.clock.instant())));
		this.trail.start();
		awaitRefusals(FLOOD);
		assertThat(this.database.count("count(*) from audit_entry")).isEqualTo(room);
		assertThat(this.meters.get("sagamart.audit.dropped").counter().count()).isZero();
	}

	@Test
	void writesTheCurrentMinuteAtTheShutdown() {
		this.trail.start();
		flood((i) -> AuditDatabase.refusal(this.clock.instant(), "192.0.2.7", "/"));
		awaitRefusals(-1);
		this.trail.add(AuditDatabase.refusal(this.clock.instant(), "192.0.2.7", "/"));
		this.trail.stop();
		assertThat(refused()).isEqualTo(FLOOD + 1);
	}

	@Test
	void keepsOnlyCountsWhileTheDatabaseIsUnavailable() {
		this.trail.start();
		this.trail.add(AuditDatabase.refusal(this.clock.instant(), "192.0.2.7", "/"));
		awaitRefusals(1);
		TestServers.postgres().kill();
		try {
			for (int minute = 0; minute < 5; minute++) {
				flood((i) -> AuditDatabase.refusal(this.clock.instant(), "192.0.2." + i, "/"));
				this.clock.pass(Duration.ofMinutes(1));
			}
		}
		finally {
			TestServers.postgres().start();
		}
		Awaitility.await().ignoreExceptions().untilAsserted(() -> {
			this.clock.pass(Duration.ofSeconds(2));
			assertThat(refused()).isEqualTo(1 + 5 * FLOOD);
		});
		assertThat(this.database.count("count(*) from audit_refusal")).isLessThan(2_100);
	}

	private void flood(IntFunction<AuditEntry> refusal) {
		IntStream.range(0, FLOOD).mapToObj(refusal).forEach(this.trail::add);
	}

	/**
	 * Advances the clock, which does not run by itself, until the refusals are written.
	 */
	private void awaitRefusals(long expected) {
		Awaitility.await().ignoreExceptions().untilAsserted(() -> {
			this.clock.pass(Duration.ofMillis(200));
			assertThat(refused()).isGreaterThanOrEqualTo(expected)
				.isLessThanOrEqualTo((expected < 0) ? FLOOD : expected);
		});
	}

	private long refused() {
		return this.database.count("coalesce(sum(count), 0) from audit_refusal");
	}

}
