package dev.sagamart.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.failure.TransientFailures;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/** How a replica is that lags, is cut off or gone, by a clock that the test moves. */
class ReadReplicaIntegrationTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final AtomicLong nanoTime = new AtomicLong();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private HikariDataSource pool;

	private ReadReplica replica;

	private ReplicaReads reads;

	private JdbcTemplate jdbc;

	@BeforeEach
	void connect() {
		start(ReplicatedNotes.SERVERS.replica().jdbcUrl());
	}

	private void start(String url) {
		this.pool = new HikariDataSource();
		this.pool.setJdbcUrl(ReplicatedNotes.SERVERS.primary().jdbcUrl());
		this.pool.setUsername(ReplicatedNotes.SCHEMA);
		this.pool.setPassword(ReplicatedNotes.PASSWORD);
		this.pool.setMaximumPoolSize(1);
		this.replica = new ReadReplica(this.pool, new ReplicaProperties(url, Duration.ofSeconds(5)), this.meters,
				this.nanoTime::get);
		LazyConnectionDataSourceProxy dataSource = new LazyConnectionDataSourceProxy(this.pool);
		dataSource.setReadOnlyDataSource(this.replica.readOnlyDataSource());
		this.reads = new ReplicaReads(new JdbcTransactionManager(dataSource));
		this.jdbc = new JdbcTemplate(dataSource);
	}

	@AfterEach
	void close() {
		this.replica.close();
		this.pool.close();
	}

	/** The server that was read, and how many notes it has. */
	private record Seen(boolean ofReplica, long notes) {
	}

	private Seen read() {
		return this.reads.read(() -> this.jdbc.queryForObject("SELECT pg_is_in_recovery(), count(*) FROM note",
				(row, _) -> new Seen(row.getBoolean(1), row.getLong(2))));
	}

	/**
	 * Waits until the replica is read. The clock moves on with each attempt, because the
	 * answer of a replica counts for a second.
	 */
	private long awaitReplica() {
		return Awaitility.await().until(() -> {
			pass(SECOND);
			return read();
		}, Seen::ofReplica).notes();
	}

	private void awaitNoLag() {
		Awaitility.await().until(() -> {
			this.replica.look();
			return lag() == 0;
		});
	}

	/** Waits for a read of that server at the present time of the clock. */
	private long notes(boolean ofReplica) {
		return Awaitility.await().until(() -> {
			this.replica.look();
			return read();
		}, (seen) -> seen.ofReplica() == ofReplica).notes();
	}

	private void pass(Duration time) throws SQLException {
		for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(SECOND)) {
			this.nanoTime.addAndGet(SECOND.toNanos());
			this.replica.look();
		}
	}

	private double lag() {
		return this.meters.get("sagamart.database.replica.lag").timeGauge().value(TimeUnit.SECONDS);
	}

	private double reads(String server) {
		return this.meters.get("sagamart.database.replica.reads").tag("server", server).counter().count();
	}

	@Test
	void isReadWhileItIsBehindByLessThanTheBound() throws Exception {
		long before = awaitReplica();
		ReplicatedNotes.awaitReplay();
		ReplicatedNotes.pauseReplay();
		try {
			ReplicatedNotes.add();
			pass(SECOND);
			assertThat(notes(true)).isEqualTo(before);
			pass(Duration.ofSeconds(4));
			assertThat(notes(false)).isEqualTo(before + 1);
			assertThat(lag()).isEqualTo(5);
			assertThat(reads("replica")).isPositive();
			assertThat(reads("primary")).isPositive();
		}
		finally {
			ReplicatedNotes.resumeReplay();
		}
		ReplicatedNotes.awaitReplay();
		pass(SECOND);
		assertThat(notes(true)).isEqualTo(before + 1);
		awaitNoLag();
	}

	@Test
	void isNoOlderWhenNobodyWrites() throws Exception {
		awaitReplica();
		ReplicatedNotes.awaitReplay();
		pass(Duration.ofMinutes(1));
		notes(true);
		awaitNoLag();
	}

	@Test
	void isBehindWhenThePrimaryNoLongerReachesIt() throws Exception {
		long before = awaitReplica();
		ReplicatedNotes.awaitReplay();
		ReplicatedNotes.cutOff();
		try {
			ReplicatedNotes.add();
			pass(Duration.ofSeconds(5));
			assertThat(notes(false)).isEqualTo(before + 1);
		}
		finally {
			ReplicatedNotes.connectAgain();
		}
		ReplicatedNotes.awaitReplay();
	}

	@Test
	void isMissedByNobodyWhileItIsGone() throws Exception {
		long before = awaitReplica();
		ReplicatedNotes.SERVERS.replica().stop();
		try {
			ReplicatedNotes.add();
			readOverABrokenConnection();
			assertThat(read()).isEqualTo(new Seen(false, before + 1));
			pass(SECOND);
			assertThat(read()).isEqualTo(new Seen(false, before + 1));
		}
		finally {
			ReplicatedNotes.SERVERS.replica().start();
		}
		ReplicatedNotes.awaitReplay();
		assertThat(awaitReplica()).isEqualTo(before + 1);
	}

	/** The one that was in use a moment ago, and is not tried before. */
	private void readOverABrokenConnection() {
		try {
			read();
		}
		catch (DataAccessException ex) {
			assertThat(TransientFailures.isTransient(ex)).isTrue();
		}
	}

	@Test
	void isNoServerThatFollowsNobody() throws Exception {
		close();
		start(ReplicatedNotes.SERVERS.primary().jdbcUrl());
		pass(SECOND);
		assertThat(read().ofReplica()).isFalse();
		assertThat(reads("primary")).isOne();
	}

}
