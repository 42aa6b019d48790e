package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.database.SqlArrays;
import dev.sagamart.platform.messaging.MessagingProperties;
import dev.sagamart.platform.retention.OldRows;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/** The ids of the messages that each consumer has handled, in the service's schema. */
public final class Inbox {

	private final JdbcTemplate jdbc;

	private final String insert;

	private final OldRows oldRows;

	private final Duration retention;

	private final Clock clock;

	Inbox(JdbcTemplate jdbc, MessagingProperties properties, Clock clock) {
		this.jdbc = jdbc;
		// Sorted, so that two processes that both believe to own a partition do not
		// deadlock.
		this.insert = """
				insert into inbox (consumer, event_id)
				select ?, event_id from unnest(?) as event_id order by event_id
				on conflict do nothing returning event_id""";
		this.oldRows = new OldRows(jdbc, "inbox", "received_at");
		this.retention = properties.inboxRetention();
		this.clock = clock;
	}

	/**
	 * Records events as handled, in the current transaction.
	 * @return those that were not recorded before
	 */
	public Set<UUID> add(String consumer, Collection<UUID> eventIds) {
		return new HashSet<>(this.jdbc.queryForList(this.insert, UUID.class, consumer, SqlArrays.uuids(eventIds)));
	}

	/** Deletes what is older than the retention. */
	@Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
	void purge() {
		boolean more = true;
		while (more) {
			more = this.oldRows.removeUntil(this.clock.instant().minus(this.retention));
		}
	}

}
