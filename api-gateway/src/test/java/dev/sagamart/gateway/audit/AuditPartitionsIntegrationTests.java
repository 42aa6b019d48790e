package dev.sagamart.gateway.audit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.test.AwaitTimeout;
import dev.sagamart.platform.test.SettableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AuditPartitionsIntegrationTests {

	private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

	private static final Duration DAY = Duration.ofDays(1);

	private final AuditDatabase database = AuditDatabase.create();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		logger().addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		logger().detachAppender(this.log);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(AuditPartitions.class);
	}

	private AuditPartitions partitions(DataSize size) {
		this.database.migrations("latest").migrate();
		return this.database.partitions(new AuditProperties(100, Duration.ofDays(90), 100, size), this.meters);
	}

	@Test
	void areCreatedAheadAndDroppedAfterTheRetention() {
		AuditPartitions partitions = partitions(DataSize.ofGigabytes(1));
		partitions.createFor(
				Stream.of(90, 91, 92).map((days) -> AuditDatabase.change(NOON.minus(Duration.ofDays(days)))).toList());
		assertThat(partitions.maintain(NOON)).isFalse();
		assertThat(this.database.partitionsOf("audit_entry")).containsExactly("audit_entry_20251201",
				"audit_entry_20260301", "audit_entry_20260302", "audit_entry_20260303", "audit_entry_20260304");
		assertThat(this.database.partitionsOf("audit_refusal")).containsExactly("audit_refusal_20251201",
				"audit_refusal_20260301", "audit_refusal_20260302", "audit_refusal_20260303", "audit_refusal_20260304");
		partitions.maintain(NOON.plus(DAY));
		assertThat(this.database.partitionsOf("audit_entry")).startsWith("audit_entry_20260301")
			.endsWith("audit_entry_20260305");
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void canBeCreatedByManyGatewaysAtOnce() throws Exception {
		partitions(DataSize.ofGigabytes(1));
		try (ExecutorService gateways = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Boolean>> done = gateways.invokeAll(IntStream.range(0, 8)
				.<Callable<Boolean>>mapToObj((i) -> () -> partitions(DataSize.ofGigabytes(1)).maintain(NOON))
				.toList());
			for (Future<Boolean> each : done) {
				assertThat(each.get()).isFalse();
			}
		}
		assertThat(this.database.partitionsOf("audit_entry")).hasSize(4);
	}

	@Test
	void ofRefusalsAreDroppedEarlyWhenTheyAreTooLarge() {
		AuditPartitions partitions = partitions(DataSize.ofKilobytes(900));
		for (int day = 5; day >= 0; day--) {
			Instant at = NOON.minus(DAY.multipliedBy(day));
			List<AuditEntry> refusals = IntStream.range(0, 300).mapToObj((i) -> refusal(at, i)).toList();
			List<AuditEntry> changes = IntStream.range(0, 300).mapToObj((i) -> AuditDatabase.change(at)).toList();
			partitions.createFor(refusals);
			this.database.repository().count(refusals);
			this.database.repository().add(changes);
		}
		assertThat(partitions.maintain(NOON)).isFalse();
		assertThat(this.database.count("sum(pg_total_relation_size(inhrelid)) from pg_inherits"
				+ " where inhparent = 'audit_refusal'::regclass"))
			.isLessThanOrEqualTo(DataSize.ofKilobytes(900).toBytes());
		assertThat(this.database.count("count(*) from audit_entry")).isEqualTo(6 * 300);
		double dropped = this.meters.get("sagamart.audit.refusals.dropped.days").counter().count();
		assertThat(dropped).isBetween(1.0, 4.0);
		assertThat(this.log.list).hasSize((int) dropped).allSatisfy((event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.WARN);
			assertThat(event.getFormattedMessage()).contains("before the end of their retention");
		});
		assertThat(this.database.count("count(distinct at) from audit_refusal")).isEqualTo(6 - (long) dropped);
		assertThat(this.database.count("count(*) from audit_refusal where at >= '2026-03-01'")).isEqualTo(300);
	}

	@Test
	void ofTodayAreKeptButNotFilledFurther() {
		AuditProperties little = new AuditProperties(100, Duration.ofDays(90), 100, DataSize.ofBytes(1));
		SettableClock clock = SettableClock.at(NOON);
		AuditTrail trail = this.database.trail(little, clock, this.meters);
		trail.add(refusal(NOON, 1));
		trail.start();
		awaitCount(1, "count(*) from audit_refusal");
		Awaitility.await().until(() -> !this.log.list.isEmpty());
		for (int i = 0; i < 50; i++) {
			trail.add(refusal(NOON.plusSeconds(1), i));
		}
		clock.pass(Duration.ofMinutes(2));
		awaitCount(51, "sum(count) from audit_refusal");
		trail.stop();
		assertThat(this.database.count("count(*) from audit_refusal where address = 'others'")).isEqualTo(1);
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("counted together"));
	}

	@Test
	void areCreatedAgainAfterSomebodyDropsThem() {
		SettableClock clock = SettableClock.at(NOON);
		AuditTrail trail = this.database.trail(AuditDatabase.DEFAULTS, clock, this.meters);
		trail.add(AuditDatabase.change(NOON));
		trail.add(refusal(NOON, 1));
		trail.start();
		awaitCount(1, "count(*) from audit_refusal");
		this.database.jdbc().sql("drop table audit_entry_20260301, audit_refusal_20260301").update();
		IntStream.range(0, 10).forEach((i) -> trail.add(AuditDatabase.change(NOON)));
		trail.add(refusal(NOON, 2));
		clock.pass(Duration.ofSeconds(2));
		awaitCount(10, "count(*) from audit_entry");
		awaitCount(1, "count(*) from audit_refusal");
		trail.stop();
		assertThat(this.meters.get("sagamart.audit.dropped").counter().count()).isZero();
	}

	@Test
	void containTheRowsOfTheUnpartitionedTable() {
		this.database.migrations("1").migrate();
		Instant now = Instant.now();
		List<AuditEntry> before = IntStream.of(100, 60, 1, 0)
			.mapToObj((days) -> AuditDatabase.change(now.minus(Duration.ofDays(days))))
			.toList();
		this.database.repository().add(before);
		AuditTrail trail = this.database.trail(AuditDatabase.DEFAULTS, Clock.systemUTC(), this.meters);
		List<AuditEntry> after = IntStream.of(30, 0)
			.mapToObj((days) -> AuditDatabase.change(now.minus(Duration.ofDays(days))))
			.toList();
		after.forEach(trail::add);
		trail.start();
		awaitCount(5, "count(*) from audit_entry");
		trail.stop();
		AuditQuery all = AuditQuery.of(new LinkedMultiValueMap<>());
		assertThat(this.database.repository().find(all, 10)).extracting(AuditEntry::id)
			.containsExactlyInAnyOrderElementsOf(
					Stream.concat(before.stream().skip(1), after.stream()).map(AuditEntry::id).toList());
		assertThat(this.database.partitionsOf("audit_entry")).hasSize(4);
		assertThatThrownBy(() -> this.database.jdbc().sql("update audit_entry set user_id = null").update())
			.hasMessageContaining("only added to");
	}

	@Test
	void areCreatedAfterALongMigration() throws Exception {
		this.database.migrations("1").migrate();
		Properties impatience = new Properties();
		impatience.setProperty("socketTimeout", "1");
		try (HikariDataSource impatient = new HikariDataSource();
				Connection busy = this.database.dataSource().getConnection();
				Statement statement = busy.createStatement()) {
			((DriverManagerDataSource) this.database.dataSource()).setConnectionProperties(impatience);
			impatient.setDataSource(this.database.dataSource());
			busy.setAutoCommit(false);
			statement.execute("lock table audit_entry in access share mode");
			CompletableFuture<Void> migration = CompletableFuture.runAsync(
					() -> new AuditDatabase(impatient, JdbcClient.create(impatient)).migrations("latest").migrate());
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> migration.get(3, TimeUnit.SECONDS));
			busy.commit();
			migration.get(AwaitTimeout.LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
		assertThat(this.database.partitionsOf("audit_entry")).isEmpty();
	}

	@Test
	void loseOldUnpartitionedRowsInBatches() {
		this.database.migrations("1").migrate();
		Instant now = Instant.now();
		this.database.repository()
			.add(IntStream.range(0, 2_500)
				.mapToObj((i) -> AuditDatabase.change(now.minus(Duration.ofDays(91))))
				.toList());
		this.database.repository().add(List.of(AuditDatabase.change(now.minus(Duration.ofDays(89)))));
		AuditTrail trail = this.database.trail(AuditDatabase.DEFAULTS, Clock.systemUTC(), this.meters);
		trail.start();
		awaitCount(1, "count(*) from audit_entry");
		trail.stop();
	}

	@Test
	void refuseToLowerACount() {
		AuditPartitions partitions = partitions(DataSize.ofGigabytes(1));
		List<AuditEntry> two = List.of(refusal(NOON, 1).firstOfCount("192.0.2.7", null).plus(refusal(NOON, 2)));
		partitions.createFor(two);
		this.database.repository().count(two);
		this.database.repository().count(two);
		assertThat(this.database.count("count from audit_refusal")).isEqualTo(2);
		for (String change : List.of("count = 1", "address = 'x'", "user_id = 'x'", "status = null")) {
			assertThatThrownBy(() -> this.database.jdbc().sql("update audit_refusal set " + change).update()).as(change)
				.hasMessageContaining("only added to");
		}
	}

	private void awaitCount(long expected, String what) {
		Awaitility.await()
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(this.database.count(what)).isEqualTo(expected));
	}

	private static AuditEntry refusal(Instant at, int number) {
		return AuditDatabase.refusal(at, "192.0.2." + number, "/" + "x".repeat(500))
			.firstOfCount("192.0.2." + number, null);
	}

}
