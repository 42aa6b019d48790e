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
 * The events of the provider, which come from webhooks and from its list of events. Each
 * event is stored once. Their order does not matter, because an event is only a reason to
 * retrieve the current state of the payment.
 */
@Repository
public class ProviderEvents {

	/** Our own calls cause events too, and their results take a moment to be settled. */
	private static final Duration SETTLEMENT_DELAY = Duration.ofSeconds(2);

	/** After this time, an event of an unknown payment is not about one of ours. */
	private static final Duration UNKNOWN_PAYMENT_LIMIT = Duration.ofHours(1);

	/** Longer than the provider lists events and repeats webhooks. */
	private static final Duration RETENTION = Duration.ofDays(35);

	private static final int BATCH = 500;

	private final JdbcClient jdbc;

	private final OldRows oldEvents;

	private final PaymentCommands payments;

	private final Clock clock;

	ProviderEvents(JdbcTemplate jdbc, PaymentCommands payments, Clock clock) {
		this.jdbc = JdbcClient.create(jdbc);
		this.oldEvents = new OldRows(jdbc, "provider_event", "received_at");
		this.payments = payments;
		this.clock = clock;
	}

	/** Stores an event, unless it is stored already. */
	public void add(ProviderEvent event) {
		this.jdbc.sql("""
				INSERT INTO provider_event (id, reference, status, captured, refunded, received_at)
				VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""")
			.params(event.id(), event.reference(), event.intent().status().name(), event.intent().captured(),
					event.intent().refunded(), now())
			.update();
	}

	/**
	 * Compares new events with our books, and requests a retrieval of each payment that
	 * differs. While such a retrieval is open, further events of the payment wait.
	 */
	@Transactional
	public void compare() {
		List<UnhandledEvent> events = this.jdbc.sql("""
				SELECT e.id, p.id AS payment_id,
				       e.status = 'CAPTURED' AND (p.captured = 0 OR e.refunded > p.refunded)
				       OR e.status = 'RELEASED' AND p.status = 'AUTHORISED' AS is_news
				FROM provider_event e JOIN payment p ON p.provider_reference = e.reference
				WHERE e.handled_at IS NULL AND e.received_at <= ?
				ORDER BY e.received_at LIMIT ? FOR UPDATE OF e SKIP LOCKED""")
			.params(Timestamp.from(this.clock.instant().minus(SETTLEMENT_DELAY)), BATCH)
			.query((row, _) -> new UnhandledEvent(row.getString("id"),
					row.getBoolean("is_news") ? row.getObject("payment_id", UUID.class) : null))
			.list();
		String[] handled = events.stream()
			.filter((event) -> event.differing() == null || this.payments.requestRetrieval(event.differing()))
			.map(UnhandledEvent::id)
			.toArray(String[]::new);
		if (handled.length > 0) {
			this.jdbc.sql("UPDATE provider_event SET handled_at = ? WHERE id = ANY (?)")
				.params(now(), handled)
				.update();
		}
	}

	/**
	 * Requests a retrieval of the next payments that were captured in a period, but have
	 * no event of the capture: the provider may not know them at all.
	 * @param after the last ledger entry of the call before
	 * @return the last ledger entry of this call; empty if there are no more
	 */
	@Transactional
	public OptionalLong retrieveUnreported(Instant from, Instant to, long after) {
		List<UnreportedCapture> unreported = this.jdbc.sql("""
				WITH unreported AS MATERIALIZED (
				    SELECT l.id, l.payment_id FROM ledger_entry l JOIN payment p ON p.id = l.payment_id
				    WHERE l.booked_at >= ? AND l.booked_at < ? AND l.debit = 'PROVIDER'
				      AND NOT EXISTS (SELECT FROM provider_event e
				                      WHERE e.reference = p.provider_reference AND e.status = 'CAPTURED'))
				SELECT id, payment_id FROM unreported WHERE id > ? ORDER BY id LIMIT ?""")
			.params(Timestamp.from(from), Timestamp.from(to), after, BATCH)
			.query((row, _) -> new UnreportedCapture(row.getLong("id"), row.getObject("payment_id", UUID.class)))
			.list();
		unreported.forEach((capture) -> this.payments.requestRetrieval(capture.paymentId()));
		return (unreported.size() == BATCH) ? OptionalLong.of(unreported.getLast().id()) : OptionalLong.empty();
	}

	/** The time up to which the provider's list of events was read. */
	Instant readUntil() {
		return this.jdbc.sql("SELECT until FROM events_read").query(Timestamp.class).single().toInstant();
	}

	void readUntil(Instant until) {
		this.jdbc.sql("UPDATE events_read SET until = greatest(until, ?)").param(Timestamp.from(until)).update();
	}

	/**
	 * Marks events of unknown payments as handled after an hour, and deletes old events.
	 */
	public void clean() {
		this.jdbc.sql("UPDATE provider_event SET handled_at = ? WHERE handled_at IS NULL AND received_at < ?")
			.params(now(), Timestamp.from(this.clock.instant().minus(UNKNOWN_PAYMENT_LIMIT)))
			.update();
		this.oldEvents.removeUntil(this.clock.instant().minus(RETENTION));
	}

	private Timestamp now() {
		return Timestamp.from(this.clock.instant());
	}

	/** An event that was not compared yet, and its payment if that differs from it. */
	private record UnhandledEvent(String id, @Nullable UUID differing) {
	}

	/** The ledger entry of a capture without an event of the provider. */
	private record UnreportedCapture(long id, UUID paymentId) {
	}

}
