package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.audit.AuditEntry.Sample;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The entries in the database. */
@Component
class AuditTable {

	private static final int PURGE_SIZE = 1000;

	private static final JsonMapper JSON = new JsonMapper();

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

	/**
	 * Writes how far refusals are counted, all or none. Each is a row of its own, and
	 * what is written twice, or late, makes it no more.
	 */
	void count(List<AuditEntry> refusals) {
		this.jdbc.execute("""
				insert into audit_refusal (id, at, last_at, user_id, address, status, code, count, samples)
				select * from unnest(?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::int[],
					?::text[], ?::int8[], ?::jsonb[])
				on conflict (id) do update
				set last_at = excluded.last_at, count = excluded.count, samples = excluded.samples
				where audit_refusal.count < excluded.count""", (PreparedStatementCallback<Integer>) (statement) -> {
			set(statement, 1, "uuid", refusals, AuditEntry::id);
			set(statement, 2, "timestamptz", refusals, (refusal) -> refusal.at().toString());
			set(statement, 3, "timestamptz", refusals, (refusal) -> refusal.lastAt().toString());
			set(statement, 4, "text", refusals, AuditEntry::userId);
			set(statement, 5, "text", refusals, AuditEntry::address);
			set(statement, 6, "int4", refusals, AuditEntry::status);
			set(statement, 7, "text", refusals, AuditEntry::code);
			set(statement, 8, "int8", refusals, AuditEntry::count);
			set(statement, 9, "jsonb", refusals, (refusal) -> JSON.writeValueAsString(refusal.samples()));
			return statement.executeUpdate();
		});
	}

	private static void set(PreparedStatement statement, int index, String type, List<AuditEntry> entries,
			Function<AuditEntry, @Nullable Object> column) throws SQLException {
		Connection connection = statement.getConnection();
		statement.setArray(index, connection.createArrayOf(type, entries.stream().map(column).toArray()));
	}

	/**
	 * The newest entries first, at most {@code limit}. Refusals that are counted together
	 * have the place of the first, and are there from the time of the last on.
	 */
	List<AuditEntry> find(AuditQuery query, int limit) {
		return this.client.sql("""
				(select id, at, at as last_at, user_id, method, path, route, address, status, code, correlation_id,
						1 as count, '[]' as samples
					from audit_entry
					where (:user::text is null or user_id = :user) and id >= :from and id < :before
					order by id desc limit :limit)
				union all
				(select id, at, last_at, user_id, null, null, null, address, status, code, null, count, samples::text
					from audit_refusal
					where (:user::text is null or user_id = :user) and id >= :minute and id < :before
						and last_at >= :time
					order by id desc limit :limit)
				order by id desc limit :limit""")
			.param("user", query.userId())
			.param("from", query.from())
			.param("minute", AuditEntry.firstIdAt(query.fromTime().truncatedTo(ChronoUnit.MINUTES)))
			.param("time", Timestamp.from(query.fromTime()))
			.param("before", query.before())
			.param("limit", limit)
			.query((row, number) -> entry(row))
			.list();
	}

	private static AuditEntry entry(ResultSet row) throws SQLException {
		List<Sample> samples = List.of(JSON.readValue(row.getString("samples"), Sample[].class));
		Sample shown = samples.isEmpty() ? new Sample(row.getString("method"), row.getString("path"),
				row.getString("route"), row.getString("correlation_id")) : samples.getFirst();
		return new AuditEntry(row.getObject("id", UUID.class), row.getTimestamp("at").toInstant(),
				row.getTimestamp("last_at").toInstant(), row.getString("user_id"), shown.method(), shown.path(),
				shown.route(), row.getString("address"), row.getObject("status", Integer.class), row.getString("code"),
				shown.correlationId(), row.getLong("count"), samples);
	}

	/**
	 * Deletes some of the entries before a day, that are in the partition of the days
	 * before there were partitions; whether there may be more.
	 */
	boolean purge(LocalDate before) {
		return this.client.sql("""
				delete from audit_entry where id in (
					select id from audit_entry where id < first_id_of(:before) order by id limit :limit)""")
			.param("before", before)
			.param("limit", PURGE_SIZE)
			.update() == PURGE_SIZE;
	}

}
