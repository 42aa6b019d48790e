package dev.sagamart.simulator;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection to an SQLite file with its prepared statements; not thread-safe. */
record Database(Connection connection, Map<String, PreparedStatement> statements) implements AutoCloseable {

	interface Row<T> {

		T read(ResultSet row) throws SQLException;

	}

	/**
	 * Opens a file and creates it if it is missing. A commit returns when its data is on
	 * the disk. The page cache is 4 MB.
	 */
	static Database open(Path file) {
		try {
			Database database = new Database(DriverManager.getConnection("jdbc:sqlite:" + file), new HashMap<>());
			for (String pragma : List.of("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL",
					"cache_size = -4096", "journal_size_limit = 16777216")) {
				database.execute("PRAGMA " + pragma);
			}
			return database;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot open " + file, ex);
		}
	}

	/** Runs a statement without preparing it. */
	void execute(String sql) {
		try (var statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	<T> List<T> query(String sql, Row<T> row, @Nullable Object... values) {
		try (ResultSet result = prepared(sql, values).executeQuery()) {
			List<T> rows = new ArrayList<>();
			while (result.next()) {
				rows.add(row.read(result));
			}
			return rows;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	<T> @Nullable T first(String sql, Row<T> row, @Nullable Object... values) {
		List<T> rows = query(sql, row, values);
		return rows.isEmpty() ? null : rows.getFirst();
	}

	void update(String sql, @Nullable Object... values) {
		try {
			prepared(sql, values).executeUpdate();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	long insert(String sql, @Nullable Object... values) {
		return query(sql + " RETURNING number", (row) -> row.getLong(1), values).getFirst();
	}

	private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
		PreparedStatement statement = this.statements.get(sql);
		if (statement == null) {
			statement = this.connection.prepareStatement(sql);
			this.statements.put(sql, statement);
		}
		for (int i = 0; i < values.length; i++) {
			statement.setObject(i + 1, values[i]);
		}
		return statement;
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
