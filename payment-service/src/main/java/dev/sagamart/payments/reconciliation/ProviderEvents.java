package dev.sagamart.payments.reconciliation;

import dev.sagamart.payments.payment.PaymentCommands;
import dev.sagamart.payments.provider.ProviderEvent;
import dev.sagamart.platform.retention.OldRows;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * What the provider tells of payments by itself, whether it comes as a webhook or is read
 * from its list of events. Each event counts once, and the order in which they come does
 * not matter: an event is only a reason to ask how the payment stands now.
 */
@Repository
public class ProviderEvents {

	/** Our own requests are told about too; their answers need a moment to be booked. */
	private static final Duration PAUSE = Duration.ofSeconds(2);

	/** After that long, a payment that is not ours will not become ours. */
	private static final Duration PATIENCE = Duration.ofHours(1);

	/** Longer than the provider lists events and repeats webhooks. */
	private static final Duration RETENTION = Duration.ofDays(35);

	private static final int BATCH = 500;

	private final JdbcClient jdbc;

	private final OldRows old;

	private final PaymentCommands payments;

	private final Clock clock;

	ProviderEvents(JdbcTemplate jdbc, PaymentCommands payments, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "provider_event", "received_at");
		this.payments = payments;
		this.clock = clock;
	}

	/** Keeps an event, unless it is known already. */
	public void add(ProviderEvent event) {
		this.jdbc.sql("""
				INSERT INTO provider_event (id, reference, status, captured, refunded, received_at)
				VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""")
			.params(event.id(), event.reference(), event.intent().status().name(), event.intent().captured(),
					event.intent().refunded(), now())
			.update();
	}

	/**
	 * Compares what was told with our books, and has the provider asked about the
	 * payments in which they differ. While it is being asked about one, newer events of
	 * that payment wait.
	 */
	@Transactional
	public void compare() {
		List<Told> told = this.jdbc.sql("""
				SELECT e.id, p.id AS payment_id,
				       e.status = 'CAPTURED' AND (p.captured = 0 OR e.refunded > p.refunded)
				       OR e.status = 'RELEASED' AND p.status = 'AUTHORISED' AS is_news
				FROM provider_event e JOIN payment p ON p.provider_reference = e.reference
				WHERE e.handled_at IS NULL AND e.received_at <= ?
				ORDER BY e.received_at LIMIT ? FOR UPDATE OF e SKIP LOCKED""")
			.params(Timestamp.from(this.clock.instant().minus(PAUSE)), BATCH)
			.query((row, _) -> new Told(row.getString("id"),
					row.getBoolean("is_news") ? row.getObject("payment_id", UUID.class) : null))
			.list();
		String[] handled = told.stream()
			.filter((event) -> event.news() == null || this.payments.inquire(event.news()))
			.map(Told::id)
			.toArray(String[]::new);
		if (handled.length > 0) {
			this.jdbc.sql("UPDATE provider_event SET handled_at = ? WHERE id = ANY (?)")
				.params(now(), handled)
				.update();
		}
	}

	/**
	 * Has the provider asked about some of the payments that were captured in that time,
	 * though it has told of no capture: it may not have them at all.
	 * @param after the entry of the ledger that the call before ended with
	 * @return the one that this call ended with; empty if there are no more
	 */
	@Transactional
	public OptionalLong compareBooked(Instant from, Instant to, long after) {
		List<Untold> untold = this.jdbc.sql("""
				WITH untold AS MATERIALIZED (
				    SELECT l.id, l.payment_id FROM ledger_entry l JOIN payment p ON p.id = l.payment_id
				    WHERE l.booked_at >= ? AND l.booked_at < ? AND l.debit = 'PROVIDER'
				      AND NOT EXISTS (SELECT FROM provider_event e
				                      WHERE e.reference = p.provider_reference AND e.status = 'CAPTURED'))
				SELECT id, payment_id FROM untold WHERE id > ? ORDER BY id LIMIT ?""")
			.params(Timestamp.from(from), Timestamp.from(to), after, BATCH)
			.query((row, _) -> new Untold(row.getLong("id"), row.getObject("payment_id", UUID.class)))
			.list();
		untold.forEach((entry) -> this.payments.inquire(entry.paymentId()));
		return (untold.size() == BATCH) ? OptionalLong.of(untold.getLast().id()) : OptionalLong.empty();
	}

	/** Up to when the provider's list of events was read. */
	Instant readUntil() {
		return this.jdbc.sql("SELECT until FROM events_read").query(Timestamp.class).single().toInstant();
	}

	void readUntil(Instant until) {
		this.jdbc.sql("UPDATE events_read SET until = greatest(until, ?)").param(Timestamp.from(until)).update();
	}

	/** Gives up on events of strangers, and forgets old ones. */
	public void clean() {
		this.jdbc.sql("UPDATE provider_event SET handled_at = ? WHERE handled_at IS NULL AND received_at < ?")
			.params(now(), Timestamp.from(this.clock.instant().minus(PATIENCE)))
			.update();
		this.old.removeUntil(this.clock.instant().minus(RETENTION));
	}

	private Timestamp now() {
		return Timestamp.from(this.clock.instant());
	}

	/** An event, and the payment that may have to be asked about because of it. */
	private record Told(String id, @Nullable UUID news) {
	}

	/** A capture in the ledger that the provider has not told of. */
	private record Untold(long id, UUID paymentId) {
	}

}
