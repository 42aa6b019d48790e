package dev.sagamart.platform.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Where read-only transactions get their connection: {@link ReplicaReads} from the
 * replica if it is there and recent, all others from the primary.
 * <p>
 * How recent a replica is follows from positions in the write-ahead log: up to where the
 * primary has written is noted every second, and what a replica has replayed is compared
 * with a note that is old enough. What a replica says about itself is not enough: the
 * time of its last transaction grows old while nobody writes, and one that the primary
 * cannot reach has replayed all that it ever received.
 */
final class ReadReplica implements AutoCloseable {

	/** How often the primary is asked, and how long the answer of a replica counts. */
	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** The shortest that the pool knows, because the primary can answer instead. */
	private static final long TIMEOUT_MS = 250;

	private static final String WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";

	/** Null, which is read as 0, of a server that is no replica any more. */
	private static final String REPLAYED = """
			SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END""";

	private static final Logger logger = LoggerFactory.getLogger(ReadReplica.class);

	private final HikariDataSource primary;

	private final HikariDataSource pool;

	private final long window;

	private final MeterRegistry meters;

	private final LongSupplier nanoTime;

	/** Up to where the primary had written, by the time at which it was asked. */
	private final NavigableMap<Long, Long> written = new ConcurrentSkipListMap<>();

	/** By connection, because the connections may lead to several replicas. */
	private final Map<Connection, Answer> answers = Collections.synchronizedMap(new WeakHashMap<>());

	private volatile long replayedUntil;

	private volatile boolean reachable;

	ReadReplica(HikariDataSource primary, ReplicaProperties properties, MeterRegistry meters, LongSupplier nanoTime) {
		this.primary = primary;
		this.pool = poolLike(primary, properties.url(), meters);
		this.window = properties.maxLag().minus(INTERVAL).toNanos();
		this.meters = meters;
		this.nanoTime = nanoTime;
		this.replayedUntil = nanoTime.getAsLong();
		TimeGauge
			.builder("sagamart.database.replica.lag", this, TimeUnit.NANOSECONDS,
					(self) -> self.nanoTime.getAsLong() - self.replayedUntil)
			.description("How far the replica is behind at most; it grows while the replica is away")
			.register(meters);
	}

	private static HikariDataSource poolLike(HikariDataSource primary, String url, MeterRegistry meters) {
		HikariConfig config = new HikariConfig();
		primary.copyStateTo(config);
		config.setJdbcUrl(url);
		config.setPoolName(primary.getPoolName() + "-replica");
		config.setReadOnly(true);
		// A service starts without its replica.
		config.setInitializationFailTimeout(-1);
		config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
		HikariDataSource pool = new HikariDataSource(config);
		// Not before: when a pool begins, this becomes the login time-out of all pools.
		pool.setConnectionTimeout(TIMEOUT_MS);
		pool.setValidationTimeout(TIMEOUT_MS);
		return pool;
	}

	/** Whether a replica was recent, and when it was asked. */
	private record Answer(long at, boolean recent) {
	}

	DelegatingDataSource readOnlyDataSource() {
		return new DelegatingDataSource(this.primary) {

			@Override
			public Connection getConnection() throws SQLException {
				return connect();
			}

		};
	}

	private Connection connect() throws SQLException {
		if (ReplicaReads.isRunning()) {
			Connection replica = this.reachable ? recentReplica() : null;
			this.meters.counter("sagamart.database.replica.reads", "server", (replica != null) ? "replica" : "primary")
				.increment();
			if (replica != null) {
				return replica;
			}
		}
		Connection connection = this.primary.getConnection();
		connection.setReadOnly(true);
		return connection;
	}

	private @Nullable Connection recentReplica() {
		Connection connection = null;
		try {
			connection = this.pool.getConnection();
			if (isRecent(connection)) {
				return connection;
			}
		}
		catch (SQLException ex) {
			leave(ex);
		}
		JdbcUtils.closeConnection(connection);
		return null;
	}

	private boolean isRecent(Connection connection) throws SQLException {
		Connection session = connection.unwrap(Connection.class);
		long now = this.nanoTime.getAsLong();
		Answer answer = this.answers.get(session);
		if (answer == null || now - answer.at() >= INTERVAL.toNanos()) {
			Map.Entry<Long, Long> needed = this.written.ceilingEntry(now - this.window);
			answer = new Answer(now, needed != null && position(REPLAYED, connection) >= needed.getValue());
			this.answers.put(session, answer);
		}
		return answer.recent();
	}

	/**
	 * Notes up to where the primary has written, and looks for the replica: only here
	 * while it is away, so that no request waits for it.
	 */
	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void look() throws SQLException {
		long now = this.nanoTime.getAsLong();
		try (Connection connection = this.primary.getConnection()) {
			this.written.put(now, position(WRITTEN, connection));
		}
		this.written.headMap(now - this.window).clear();
		try (Connection connection = this.pool.getConnection()) {
			long replayed = position(REPLAYED, connection);
			this.written
				.forEach((at, position) -> this.replayedUntil = (position <= replayed) ? at : this.replayedUntil);
			if (!this.reachable) {
				this.reachable = true;
				logger.info("The replica answers");
			}
		}
		catch (SQLException ex) {
			leave(ex);
		}
	}

	private void leave(SQLException failure) {
		if (this.reachable) {
			this.reachable = false;
			logger.warn("The replica does not answer, the primary is read: {}", failure.getMessage());
		}
	}

	private static long position(String sql, Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
