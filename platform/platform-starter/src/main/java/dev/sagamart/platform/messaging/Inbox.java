package dev.sagamart.platform.messaging;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** What each consumer has handled, a table of the service's schema. */
final class Inbox {

	private static final int PURGE_CHUNK = 5_000;

	private final JdbcTemplate jdbc;

	private final String insert;

	private final String purge;

	private final Clock clock;

	Inbox(JdbcTemplate jdbc, String schema, Clock clock) {
		this.jdbc = jdbc;
		// Sorted, so that two processes which both think that they own a partition do not
		// deadlock.
		this.insert = """
				insert into %s.inbox (consumer, event_id)
				select ?, event_id from unnest(?) as event_id order by event_id
				on conflict do nothing returning event_id""".formatted(schema);
		this.purge = """
				delete from %1$s.inbox where ctid = any (array(
					select ctid from %1$s.inbox where received_at < ? limit ? for update skip locked))"""
			.formatted(schema);
		this.clock = clock;
	}

	/**
	 * Notes events as handled, in the current transaction.
	 * @return those that were not yet
	 */
	Set<UUID> add(String consumer, Collection<UUID> eventIds) {
		Set<UUID> fresh = this.jdbc.execute((Connection connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.insert)) {
				statement.setString(1, consumer);
				statement.setArray(2, connection.createArrayOf("uuid", eventIds.toArray()));
				Set<UUID> added = new HashSet<>();
				try (ResultSet result = statement.executeQuery()) {
					while (result.next()) {
						added.add(result.getObject(1, UUID.class));
					}
				}
				return added;
			}
		});
		return (fresh != null) ? fresh : Set.of();
	}

	/**
	 * Forgets what was handled before the retention, at most a chunk at a time so that no
	 * lock is held for long.
	 * @return whether there may be more
	 */
	boolean purge(Duration retention) {
		OffsetDateTime before = this.clock.instant().minus(retention).atOffset(ZoneOffset.UTC);
		return this.jdbc.update(this.purge, before, PURGE_CHUNK) == PURGE_CHUNK;
	}

}
