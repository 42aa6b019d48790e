package dev.sagamart.platform.database;

import dev.sagamart.platform.test.ReplicatedPostgres;
import dev.sagamart.platform.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A table of notes on a primary that a replica follows. */
final class ReplicatedNotes {

	static final ReplicatedPostgres SERVERS = ReplicatedPostgres.start();

	static final String SCHEMA = "notes";

	static final String PASSWORD = SERVERS.primary().password(SCHEMA);

	static {
		execute(SERVERS.primary(), "CREATE TABLE notes.note (id uuid PRIMARY KEY);"
				+ " GRANT ALL ON notes.note TO notes; ALTER TABLE notes.note OWNER TO notes");
	}

	private ReplicatedNotes() {
	}

	/** As a server in production does, not like those of the tests otherwise. */
	static void add() {
		execute(SERVERS.primary(), "SET synchronous_commit = on; INSERT INTO notes.note VALUES (gen_random_uuid())");
	}

	static void pauseReplay() {
		execute(SERVERS.replica(), "SELECT pg_wal_replay_pause()");
		Awaitility.await()
			.until(() -> ask(SERVERS.replica(), "SELECT pg_get_wal_replay_pause_state()", String.class)
				.equals("paused"));
	}

	static void resumeReplay() {
		execute(SERVERS.replica(), "SELECT pg_wal_replay_resume()");
	}

	/** Waits until the replica has all that the primary has now. */
	static void awaitReplay() {
		String position = ask(SERVERS.primary(), "SELECT pg_current_wal_lsn()::text", String.class);
		Awaitility.await()
			.until(() -> ask(SERVERS.replica(), "SELECT pg_last_wal_replay_lsn() >= '" + position + "'",
					Boolean.class));
	}

	/** Has the replica hear nothing of the primary any more. */
	static void cutOff() {
		execute(SERVERS.replica(), "ALTER SYSTEM SET primary_conninfo = ''");
		execute(SERVERS.replica(), "SELECT pg_reload_conf()");
		Awaitility.await()
			.until(() -> ask(SERVERS.replica(), "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)", Boolean.class));
	}

	static void connectAgain() {
		execute(SERVERS.replica(), "ALTER SYSTEM RESET primary_conninfo");
		execute(SERVERS.replica(), "SELECT pg_reload_conf()");
	}

	private static void execute(TestPostgres server, String sql) {
		try (Connection connection = server.connectAsSuperuser()) {
			new JdbcTemplate(new SingleConnectionDataSource(connection, true)).execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static <T> T ask(TestPostgres server, String sql, Class<T> type) {
		try (Connection connection = server.connectAsSuperuser()) {
			T answer = new JdbcTemplate(new SingleConnectionDataSource(connection, true)).queryForObject(sql, type);
			if (answer == null) {
				throw new IllegalStateException("No answer to " + sql);
			}
			return answer;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
