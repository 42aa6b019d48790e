package dev.sagamart.e2e.bench;

import dev.sagamart.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The platform's PostgreSQL.
 *
 * @param password the password of the superuser, empty if it is unknown
 */
record Database(int port, String password) {

	private static final String SUPERUSER = "postgres";

	private static final Map<String, String> QUERIES = queries();

	/**
	 * Statements include BEGIN but not COMMIT: the driver prepares COMMIT, and
	 * pg_stat_statements counts only the first execution of a prepared utility command.
	 * Commits include read-only transactions, and rows written include those of system
	 * tables. The WAL is that of all databases.
	 */
	private static Map<String, String> queries() {
		String ours = " WHERE datname = '" + PostgresServer.DATABASE + "'";
		Map<String, String> queries = new LinkedHashMap<>();
		queries.put("commits", "SELECT xact_commit FROM pg_stat_database" + ours);
		queries.put("statements",
				"SELECT sum(calls) FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid" + ours);
		queries.put("rows written", "SELECT tup_inserted + tup_updated + tup_deleted FROM pg_stat_database" + ours);
		queries.put("KiB of WAL", "SELECT (pg_current_wal_insert_lsn() - '0/0') / 1024");
		return queries;
	}

	boolean isKnown() {
		return !this.password.isEmpty();
	}

	Connection connect(String name) throws SQLException {
		return PostgresServer.connect("jdbc:postgresql://127.0.0.1:" + this.port + "/" + name, SUPERUSER,
				this.password);
	}

	/**
	 * Adds the counters that can be read. The queries run in another database, so that
	 * they are not counted.
	 */
	void read(Map<String, Double> values) {
		try (Connection connection = connect(SUPERUSER); Statement statement = connection.createStatement()) {
			QUERIES.forEach((name, query) -> read(statement, name, query, values));
		}
		catch (SQLException _) {
			values.keySet().removeAll(QUERIES.keySet());
		}
	}

	private static void read(Statement statement, String name, String query, Map<String, Double> values) {
		try (ResultSet result = statement.executeQuery(query)) {
			if (result.next() && result.getObject(1) != null) {
				values.put(name, result.getDouble(1));
			}
		}
		catch (SQLException _) {
			values.remove(name);
		}
	}

}
