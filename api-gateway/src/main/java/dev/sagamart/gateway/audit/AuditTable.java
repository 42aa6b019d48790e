package dev.sagamart.gateway.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The entries in the database. */
@Component
class AuditTable {

	private static final int PURGE_SIZE = 1000;

	private final JdbcTemplate jdbc;

	private final JdbcClient client;

	AuditTable(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
		this.client = JdbcClient.create(jdbc);
	}

	/** Adds all or none; those that are there already, from a try before, are left. */
	void add(List<AuditEntry> entries) {
		this.jdbc.execute("""
				insert into audit_entry
					(id, at, user_id, method, path, route, address, status, code, correlation_id)
				select * from unnest(?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
					?::text[], ?::int[], ?::text[], ?::text[])
				on conflict (id) do nothing""", (PreparedStatementCallback<Integer>) (statement) -> {
			set(statement, 1, "uuid", entries, AuditEntry::id);
			set(statement, 2, "timestamptz", entries, (entry) -> entry.at().toString());
			set(statement, 3, "text", entries, AuditEntry::userId);
			set(statement, 4, "text", entries, AuditEntry::method);
			set(statement, 5, "text", entries, AuditEntry::path);
			set(statement, 6, "text", entries, AuditEntry::route);
			set(statement, 7, "text", entries, AuditEntry::address);
			set(statement, 8, "int4", entries, AuditEntry::status);
			set(statement, 9, "text", entries, AuditEntry::code);
			set(statement, 10, "text", entries, AuditEntry::correlationId);
			return statement.executeUpdate();
		});
	}

	private static void set(PreparedStatement statement, int index, String type, List<AuditEntry> entries,
			Function<AuditEntry, @Nullable Object> column) throws SQLException {
		Connection connection = statement.getConnection();
		statement.setArray(index, connection.createArrayOf(type, entries.stream().map(column).toArray()));
	}

	/** The newest entries first, at most {@code limit}. */
	List<AuditEntry> find(AuditQuery query, int limit) {
		return this.client.sql("""
				select id, at, user_id, method, path, route, address, status, code, correlation_id
				from audit_entry
				where (:user::text is null or user_id = :user)
					and id >= :from and id < :before
				order by id desc
				limit :limit""")
			.param("user", query.userId())
			.param("from", query.from())
			.param("before", query.before())
			.param("limit", limit)
			.query((row, number) -> entry(row))
			.list();
	}

	private static AuditEntry entry(ResultSet row) throws SQLException {
		return new AuditEntry(row.getObject("id", UUID.class), row.getTimestamp("at").toInstant(),
				row.getString("user_id"), row.getString("method"), row.getString("path"), row.getString("route"),
				row.getString("address"), row.getObject("status", Integer.class), row.getString("code"),
				row.getString("correlation_id"));
	}

	/** Deletes some of the entries before a time; whether there may be more. */
	boolean purge(Instant before) {
		return this.client.sql("""
				delete from audit_entry
				where id in (select id from audit_entry where id < :before order by id limit :limit)""")
			.param("before", AuditEntry.firstIdAt(before))
			.param("limit", PURGE_SIZE)
			.update() == PURGE_SIZE;
	}

}
