package dev.sagamart.payments.reconciliation;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.ProviderCharge;
import dev.sagamart.platform.database.SqlArrays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The charges that a reconciliation has read from the provider's books, in the database.
 * Each call is one short statement for at most {@link #PAGE_SIZE} rows.
 */
@Repository
class ProviderCharges {

	/** The highest number of rows in memory. */
	static final int PAGE_SIZE = 1_000;

	/** The age at which a run counts as killed. */
	private static final Duration MAX_RUN_TIME = Duration.ofHours(1);

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final JdbcClient jdbc;

	private final Clock clock;

	ProviderCharges(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	UUID newRun() {
		return IDS.construct(this.clock.millis());
	}

	/** Adds charges of different payments. */
	void add(UUID run, Collection<ProviderCharge> charges) {
		this.jdbc
			.sql("""
					INSERT INTO provider_charge (run, reference, currency, captured, refunded)
					SELECT ?, * FROM unnest(?, ?, ?, ?)
					ON CONFLICT (run, reference) DO UPDATE SET captured = excluded.captured, refunded = excluded.refunded""")
			.param(run)
			.param(SqlArrays.column("text", charges, ProviderCharge::reference))
			.param(SqlArrays.column("text", charges, (charge) -> charge.captured().currency()))
			.param(SqlArrays.column("bigint", charges, (charge) -> charge.captured().amount()))
			.param(SqlArrays.column("bigint", charges, (charge) -> charge.refunded().amount()))
			.update();
	}

	/**
	 * The next page of our captured payments by id. Deletes their charges.
	 * @param after the last payment of the page before
	 */
	List<ComparedPayment> takePayments(UUID run, UUID after) {
		return this.jdbc.sql("""
				WITH page AS MATERIALIZED (
				    SELECT id, order_id, provider_reference, currency, captured, refunded FROM payment
				    WHERE captured > 0 AND id > ? ORDER BY id LIMIT ?),
				taken AS (
				    DELETE FROM provider_charge
				    WHERE run = ? AND reference = ANY (ARRAY(SELECT provider_reference FROM page))
				    RETURNING reference, currency, captured, refunded)
				SELECT page.*, taken.currency AS charge_currency, taken.captured AS charge_captured,
				       taken.refunded AS charge_refunded
				FROM page LEFT JOIN taken ON taken.reference = page.provider_reference ORDER BY page.id""")
			.params(after, PAGE_SIZE, run)
			.query((row, _) -> new ComparedPayment(booked(row, false),
					(row.getString("charge_currency") != null) ? charge(row, "charge_") : null))
			.list();
	}

	/** A page of the remaining charges. Deletes them. */
	List<ProviderCharge> takeRemaining(UUID run) {
		return this.jdbc.sql("""
				DELETE FROM provider_charge WHERE run = ? AND reference = ANY (ARRAY(
				    SELECT reference FROM provider_charge WHERE run = ? ORDER BY reference LIMIT ?))
				RETURNING reference AS provider_reference, currency, captured, refunded""")
			.params(run, run, PAGE_SIZE)
			.query((row, _) -> charge(row, ""))
			.list();
	}

	/** Deletes the charges of a run, and those of runs that were killed. */
	void remove(UUID run) {
		UUID killedBefore = new UUID(this.clock.instant().minus(MAX_RUN_TIME).toEpochMilli() << 16, 0);
		int removed;
		do {
			removed = this.jdbc.sql("""
					DELETE FROM provider_charge WHERE ctid = ANY (ARRAY(
					    SELECT ctid FROM provider_charge WHERE run = ? OR run < ? LIMIT ? FOR UPDATE SKIP LOCKED))""")
				.params(run, killedBefore, PAGE_SIZE)
				.update();
		}
		while (removed == PAGE_SIZE);
	}

	/** The current state of a payment in our books. */
	Optional<BookedPayment> find(String reference) {
		return this.jdbc
			.sql("""
					SELECT id, order_id, provider_reference, currency, captured, refunded,
					       EXISTS (SELECT FROM operation o WHERE o.payment_id = payment.id AND o.finished_at IS NULL) AS in_progress
					FROM payment WHERE provider_reference = ?""")
			.param(reference)
			.query((row, _) -> booked(row, row.getBoolean("in_progress")))
			.optional();
	}

	private static BookedPayment booked(ResultSet row, boolean inProgress) throws SQLException {
		String currency = row.getString("currency");
		return new BookedPayment(row.getObject("id", UUID.class), row.getObject("order_id", UUID.class),
				row.getString("provider_reference"), new Money(row.getLong("captured"), currency),
				new Money(row.getLong("refunded"), currency), inProgress);
	}

	private static ProviderCharge charge(ResultSet row, String prefix) throws SQLException {
		String currency = row.getString(prefix + "currency");
		return new ProviderCharge(row.getString("provider_reference"),
				new Money(row.getLong(prefix + "captured"), currency),
				new Money(row.getLong(prefix + "refunded"), currency));
	}

	/**
	 * A payment in our books.
	 *
	 * @param inProgress whether it has open operations
	 */
	record BookedPayment(UUID paymentId, UUID orderId, String reference, Money captured, Money refunded,
			boolean inProgress) {

		boolean matches(@Nullable ProviderCharge charge) {
			return charge != null && charge.captured().equals(this.captured) && charge.refunded().equals(this.refunded);
		}

	}

	/** One of our payments, and its charge at the provider if there is one. */
	record ComparedPayment(BookedPayment booked, @Nullable ProviderCharge charge) {
	}

}
