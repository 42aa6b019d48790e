package dev.sagamart.platform.test;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The PostgreSQL server of this test JVM. It creates a role and a schema for each name
 * that a test asks for.
 */
public final class TestPostgres extends BreakableServer {

	private static final String SUPERUSER = "postgres";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private final String superuserPassword;

	/** The schemas that exist, by database and role. */
	private final Map<String, Boolean> schemas = new ConcurrentHashMap<>();

	TestPostgres(Backend backend, String superuserPassword) {
		super(backend);
		this.superuserPassword = superuserPassword;
	}

	/** The platform's database. */
	public String jdbcUrl() {
		return jdbcUrl(PostgresServer.DATABASE);
	}

	public String jdbcUrl(String database) {
		return url(host(), port(), database);
	}

	/**
	 * The password of a role, which has the name of its schema. Creates the role and its
	 * schema in the platform's database if they do not exist.
	 */
	public String password(String role) {
		return password(role, PostgresServer.DATABASE);
	}

	/** The same in another database. */
	public String password(String role, String database) {
		String password = "password-of-" + role;
		this.schemas.computeIfAbsent(database + "/" + role, (_) -> {
			try (Connection connection = PostgresServer.connect(jdbcUrl(database), SUPERUSER, this.superuserPassword)) {
				PostgresServer.applySchemas(connection, Map.of(role, password));
				return true;
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Cannot create the schema " + role + " in " + database, ex);
			}
		});
		return password;
	}

	/** A new connection of a role to the platform's database. */
	public Connection connect(String role) throws SQLException {
		return PostgresServer.connect(jdbcUrl(), role, password(role));
	}

	/** A new connection of the superuser to the platform's database. */
	public Connection connectAsSuperuser() throws SQLException {
		return PostgresServer.connect(jdbcUrl(), SUPERUSER, this.superuserPassword);
	}

	/** A source of unpooled connections of a role to the platform's database. */
	public DataSource dataSource(String role) {
		return dataSource(role, PostgresServer.DATABASE);
	}

	public DataSource dataSource(String role, String database) {
		return new DriverManagerDataSource(jdbcUrl(database), role, password(role, database));
	}

	/** Creates another database, unless it exists. */
	public void createDatabase(String name) {
		try (Connection connection = PostgresServer.connect(jdbcUrl(SUPERUSER), SUPERUSER, this.superuserPassword)) {
			PostgresServer.createDatabase(connection, name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot create the database " + name, ex);
		}
	}

	/**
	 * Empties the tables of a schema, except Flyway's histories.
	 * @param except tables to keep
	 */
	public void truncate(String schema, String... except) throws SQLException {
		List<String> names = JdbcClient.create(dataSource(schema))
			.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = ?"
					+ " AND tablename NOT LIKE '%schema_history' AND NOT tablename = ANY (?)")
			.params(schema, except)
			.query((row, _) -> row.getString(1))
			.list();
		try (Connection connection = connect(schema); Statement statement = connection.createStatement()) {
			if (!names.isEmpty()) {
				truncate(statement, names);
			}
		}
	}

	/**
	 * Empties tables together. A service that runs meanwhile locks them in another order,
	 * so each attempt waits for less time than PostgreSQL waits before it looks for a
	 * deadlock.
	 */
	public static void truncate(Statement statement, List<String> tables) throws SQLException {
		statement.execute("SET lock_timeout = '200ms'");
		Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
			try {
				statement.execute("TRUNCATE " + String.join(", ", tables) + " CASCADE");
				return true;
			}
			catch (SQLException ex) {
				if (LOCK_NOT_AVAILABLE.equals(ex.getSQLState())) {
					return false;
				}
				throw ex;
			}
		});
		statement.execute("RESET lock_timeout");
	}

	/**
	 * The reads of the tables of a schema, by name of the table. Sessions report their
	 * reads when they end, so this ends the sessions of the pool.
	 */
	public Map<String, TableReads> reads(String schema, HikariDataSource pool) {
		JdbcClient database = asSuperuser();
		endOld(pool, schema, database);
		Map<String, TableReads> reads = new HashMap<>();
		database.sql("""
				SELECT relname, seq_tup_read, coalesce(idx_tup_fetch, 0), heap_blks_read + heap_blks_hit,
				       coalesce(idx_blks_read + idx_blks_hit, 0)
				FROM pg_stat_user_tables JOIN pg_statio_user_tables USING (relid, schemaname, relname)
				WHERE schemaname = ?""")
			.param(schema)
			.query((RowCallbackHandler) (row) -> reads.put(row.getString(1),
					new TableReads(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))));
		return reads;
	}

	private static void endOld(HikariDataSource pool, String role, JdbcClient database) {
		Timestamp now = database.sql("SELECT clock_timestamp()").query(Timestamp.class).single();
		JdbcClient.MappedQuerySpec<Integer> old = database
			.sql("SELECT count(*) FROM pg_stat_activity"
					+ " WHERE usename = ? AND application_name = ? AND backend_start < ?")
			.params(role, pool.getDataSourceProperties().getProperty("ApplicationName"), now)
			.query((row, _) -> row.getInt(1));
		Awaitility.await().until(() -> {
			pool.getHikariPoolMXBean().softEvictConnections();
			return old.single() == 0;
		});
	}

	/**
	 * Ends all connections of a role at once, as a restart of the server would.
	 * @return the number of connections
	 */
	public int terminateBackends(String role) {
		return asSuperuser().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?")
			.param(role)
			.query(Boolean.class)
			.list()
			.size();
	}

	private JdbcClient asSuperuser() {
		return JdbcClient.create(new DriverManagerDataSource(jdbcUrl(), SUPERUSER, this.superuserPassword));
	}

	static boolean answers(String host, int port, String password) {
		try (Connection connection = PostgresServer.connect(url(host, port, SUPERUSER), SUPERUSER, password)) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static String url(String host, int port, String database) {
		return "jdbc:postgresql://" + host + ":" + port + "/" + database;
	}

}
