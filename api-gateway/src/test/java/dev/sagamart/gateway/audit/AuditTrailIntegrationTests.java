package dev.sagamart.gateway.audit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sagamart.platform.test.SettableClock;
import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class AuditTrailIntegrationTests {

	private static final int MANY = 3_000;

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final JdbcTemplate jdbc = new JdbcTemplate(TestServers.postgres().dataSource("gateway"));

	private final AuditTrail trail = trail(this.meters);

	@AfterEach
	void stop() {
		this.trail.stop();
	}

	/**
	 * Waits for the migration, because the shutdown waits for running work for only five
	 * seconds.
	 */
	private void startAndMigrate() {
		this.trail.start();
		entries(1, Instant.now()).forEach(this.trail::add);
		Awaitility.await().until(() -> count("sagamart.audit.written") == 1);
	}

	@Test
	void writesWaitingEntriesAtTheShutdown() {
		startAndMigrate();
		List<AuditEntry> entries = entries(MANY, Instant.now());
		entries.forEach(this.trail::add);
		this.trail.stop();
		assertThat(this.trail.isRunning()).isFalse();
		assertThat(storedIdsOf(entries)).hasSize(MANY);
		assertThat(count("sagamart.audit.dropped")).isZero();
		assertThat(count("sagamart.audit.written")).isEqualTo(1 + MANY);
	}

	@Test
	void countsLostEntriesAtAShutdownWithoutADatabase() {
		this.trail.start();
		TestServers.postgres().kill();
		try {
			entries(10, Instant.now()).forEach(this.trail::add);
			this.trail.stop();
			assertThat(count("sagamart.audit.dropped")).isEqualTo(10);
		}
		finally {
			TestServers.postgres().start();
		}
	}

	@Test
	void warnsOnlyOfLongOutagesOfTheDatabase() {
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(AuditTrail.class);
		Instant start = Instant.now();
		SettableClock clock = SettableClock.at(start);
		AuditTrail early = trail(clock, new SimpleMeterRegistry());
		TestServers.postgres().kill();
		logger.addAppender(log);
		try {
			early.start();
			Awaitility.await().until(() -> {
				clock.pass(Duration.ofSeconds(1));
				return !log.list.isEmpty();
			});
			assertThat(log.list.getFirst().getLevel()).isEqualTo(Level.WARN);
			assertThat(clock.instant()).isAfter(start.plusSeconds(10));
		}
		finally {
			logger.detachAppender(log);
			TestServers.postgres().start();
			early.stop();
		}
	}

	@Test
	void anEntryThatCannotBeStoredDoesNotBlockTheOthers() {
		AuditEntry bad = new AuditEntry(Instant.now(), null, "POST", "/", "a\0b", "x", 200, null, "x");
		List<AuditEntry> good = entries(20, Instant.now());
		this.trail.start();
		Stream.concat(Stream.of(bad), good.stream()).forEach(this.trail::add);
		Awaitility.await().untilAsserted(() -> assertThat(storedIdsOf(good)).hasSize(20));
		assertThat(count("sagamart.audit.dropped")).isEqualTo(1);
	}

	@Test
	void writesAnEntryOnceDespiteRepeatedAttempts() {
		startAndMigrate();
		List<AuditEntry> entries = entries(5, Instant.now());
		entries.forEach(this.trail::add);
		entries.forEach(this.trail::add);
		this.trail.stop();
		assertThat(storedIdsOf(entries)).hasSize(5);
	}

	@Test
	void deletesEntriesAfterTheRetention() {
		Instant now = Instant.now();
		this.trail.start();
		List<AuditEntry> old = entries(2_500, now.minus(Duration.ofDays(91)));
		List<AuditEntry> kept = entries(10, now.minus(Duration.ofDays(89)));
		Stream.concat(old.stream(), kept.stream()).forEach(this.trail::add);
		Awaitility.await().untilAsserted(() -> assertThat(storedIdsOf(kept)).hasSize(10));
		this.trail.stop();
		AuditTrail next = trail(new SimpleMeterRegistry());
		next.start();
		Awaitility.await().untilAsserted(() -> assertThat(storedIdsOf(old)).isEmpty());
		next.stop();
		assertThat(storedIdsOf(kept)).hasSize(10);
	}

	private AuditTrail trail(MeterRegistry registry) {
		return trail(Clock.systemUTC(), registry);
	}

	private AuditTrail trail(Clock clock, MeterRegistry registry) {
		return new AuditDatabase(TestServers.postgres().dataSource("gateway"), JdbcClient.create(this.jdbc))
			.trail(new AuditProperties(MANY, Duration.ofDays(90), 100, DataSize.ofGigabytes(1)), clock, registry);
	}

	private static List<AuditEntry> entries(int count, Instant at) {
		return IntStream.range(0, count)
			.mapToObj((i) -> new AuditEntry(at, "user", "POST", "/api/v1/orders", "orders", "192.0.2.7", 201, null,
					UUID.randomUUID().toString()))
			.toList();
	}

	private List<UUID> storedIdsOf(List<AuditEntry> entries) {
		return this.jdbc.queryForList("select id from audit_entry where id = any (?)", UUID.class,
				(Object) entries.stream().map(AuditEntry::id).toArray(UUID[]::new));
	}

	private double count(String counter) {
		return this.meters.get(counter).counter().count();
	}

}
