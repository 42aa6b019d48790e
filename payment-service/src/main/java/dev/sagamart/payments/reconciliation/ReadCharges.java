package dev.sagamart.payments.reconciliation;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.ProviderCharge;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * What was read of the provider's books, in the database, to be compared with our
 * payments. Every call is a short statement of its own, for as many rows as
 * {@link #PAGE}.
 */
@Repository
class ReadCharges {

	/** Most rows that are in memory at a time. */
	static final int PAGE = 1_000;

	/** How old a run is that nobody goes on with. */
	private static final Duration ABANDONED = Duration.ofHours(1);

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final JdbcClient jdbc;

	private final Clock clock;

	ReadCharges(JdbcClient jdbc, Clock clock) {
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
					SELECT ?, * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[])
					ON CONFLICT (run, reference) DO UPDATE SET captured = excluded.captured, refunded = excluded.refunded""")
			.param(run)
			.param(array("text", charges, ProviderCharge::reference))
			.param(array("text", charges, (charge) -> charge.captured().currency()))
			.param(array("bigint", charges, (charge) -> charge.captured().amount()))
			.param(array("bigint", charges, (charge) -> charge.refunded().amount()))
			.update();
	}

	/**
	 * The next of our captured payments, by id, each with its charge, which is taken out.
	 * @param after the last one of the page before
	 */
	List<Pair> takeOurs(UUID run, UUID after) {
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
			.params(after, PAGE, run)
			.query((row, _) -> new Pair(booked(row, false),
					(row.getString("charge_currency") != null) ? charge(row, "charge_") : null))
			.list();
	}

	/** Some of the charges that are left, which are taken out. */
	List<ProviderCharge> takeLeft(UUID run) {
		return this.jdbc.sql("""
				DELETE FROM provider_charge WHERE run = ? AND reference = ANY (ARRAY(
				    SELECT reference FROM provider_charge WHERE run = ? ORDER BY reference LIMIT ?))
				RETURNING reference AS provider_reference, currency, captured, refunded""")
			.params(run, run, PAGE)
			.query((row, _) -> charge(row, ""))
			.list();
	}

	/** Removes what is left of a run, and of those that were abandoned. */
	void remove(UUID run) {
		UUID abandoned = new UUID(this.clock.instant().minus(ABANDONED).toEpochMilli() << 16, 0);
		int removed;
		do {
			removed = this.jdbc.sql("""
					DELETE FROM provider_charge WHERE ctid = ANY (ARRAY(
					    SELECT ctid FROM provider_charge WHERE run = ? OR run < ? LIMIT ? FOR UPDATE SKIP LOCKED))""")
				.params(run, abandoned, PAGE)
				.update();
		}
		while (removed == PAGE);
	}

	/** How a payment stands now. */
	Optional<Booked> find(String reference) {
		return this.jdbc
			.sql("""
					SELECT id, order_id, provider_reference, currency, captured, refunded,
					       EXISTS (SELECT FROM operation o WHERE o.payment_id = payment.id AND o.finished_at IS NULL) AS moving
					FROM payment WHERE provider_reference = ?""")
			.param(reference)
			.query((row, _) -> booked(row, row.getBoolean("moving")))
			.optional();
	}

	private static Booked booked(ResultSet row, boolean moving) throws SQLException {
		String currency = row.getString("currency");
		return new Booked(row.getObject("id", UUID.class), row.getObject("order_id", UUID.class),
				row.getString("provider_reference"), new Money(row.getLong("captured"), currency),
				new Money(row.getLong("refunded"), currency), moving);
	}

	private static ProviderCharge charge(ResultSet row, String prefix) throws SQLException {
		String currency = row.getString(prefix + "currency");
		return new ProviderCharge(row.getString("provider_reference"),
				new Money(row.getLong(prefix + "captured"), currency),
				new Money(row.getLong(prefix + "refunded"), currency));
	}

	private static SqlArrayValue array(String type, Collection<ProviderCharge> charges,
			Function<ProviderCharge, Object> value) {
		return new SqlArrayValue(type, charges.stream().map(value).toArray());
	}

	/**
	 * A payment as we have it.
	 *
	 * @param moving whether the provider is being asked for something
	 */
	record Booked(UUID paymentId, UUID orderId, String reference, Money captured, Money refunded, boolean moving) {

		boolean matches(@Nullable ProviderCharge charge) {
			return charge != null && charge.captured().equals(this.captured) && charge.refunded().equals(this.refunded);
		}

	}

	/** One of our payments, and the provider's charge if it has one. */
	record Pair(Booked booked, @Nullable ProviderCharge charge) {
	}

}
