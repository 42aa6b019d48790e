package dev.sagamart.gateway.audit;

import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

@Component
class AuditRepository {

	private static final int PURGE_SIZE = 1000;

	private static final JsonMapper JSON = new JsonMapper();

	private final JdbcClient jdbc;

	AuditRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Inserts all entries or none; skips those of an earlier attempt. */
	void add(List<AuditEntry> entries) {
		this.jdbc.sql("""
				insert into audit_entry
					(id, at, user_id, method, path, route, address, status, code, correlation_id)
				select * from json_to_recordset(?::json) as entry
					(id uuid, at timestamptz, "userId" text, method text, path text, route text, address text,
						status int, code text, "correlationId" text)
				on conflict (id) do nothing""").param(JSON.writeValueAsString(entries)).update();
	}

	/** Writes all counts or none; a repeated or late write lowers no count. */
	void count(List<AuditEntry> refusals) {
		this.jdbc.sql("""
				insert into audit_refusal (id, at, last_at, user_id, address, status, code, count, samples)
				select * from json_to_recordset(?::json) as refusal
					(id uuid, at timestamptz, "lastAt" timestamptz, "userId" text, address text, status int, code text,
						count bigint, samples jsonb)
				on conflict (id) do update
				set last_at = excluded.last_at, count = excluded.count, samples = excluded.samples
				where audit_refusal.count < excluded.count""").param(JSON.writeValueAsString(refusals)).update();
	}

	/**
	 * Returns at most {@code limit} entries, the newest first. Refusals that are counted
	 * together are sorted by the time of the first one, and found from the time of the
	 * last one on.
	 */
	List<AuditEntry> find(AuditQuery query, int limit) {
		String found = this.jdbc.sql("""
				select coalesce(json_agg(entry), '[]') from (
					(select id, at, at as "lastAt", user_id as "userId", method, path, route, address, status, code,
							correlation_id as "correlationId", 1 as count, '[]'::jsonb as samples
						from audit_entry
						where (:user::text is null or user_id = :user) and id >= :from and id < :before
						order by id desc limit :limit)
					union all
					(select id, at, last_at, user_id, samples->0->>'method', samples->0->>'path', samples->0->>'route',
							address, status, code, samples->0->>'correlationId', count, samples
						from audit_refusal
						where (:user::text is null or user_id = :user) and id >= :minute and id < :before
							and last_at >= :time
						order by id desc limit :limit)
					order by id desc limit :limit) entry""")
			.param("user", query.userId())
			.param("from", query.from())
			.param("minute", AuditEntry.firstIdAt(query.fromTime().truncatedTo(ChronoUnit.MINUTES)))
			.param("time", Timestamp.from(query.fromTime()))
			.param("before", query.before())
			.param("limit", limit)
			.query(String.class)
			.single();
		return List.of(JSON.readValue(found, AuditEntry[].class));
	}

	/**
	 * Deletes some of the entries before a day from the partition that contains all days
	 * before there were partitions.
	 * @return whether there may be more
	 */
	boolean purge(LocalDate before) {
		return this.jdbc.sql("""
				delete from audit_entry where id in (
					select id from audit_entry where id < first_id_of(:before) order by id limit :limit)""")
			.param("before", before)
			.param("limit", PURGE_SIZE)
			.update() == PURGE_SIZE;
	}

}
