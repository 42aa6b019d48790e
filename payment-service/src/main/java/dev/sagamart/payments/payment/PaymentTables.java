package dev.sagamart.payments.payment;

import dev.sagamart.platform.messaging.MessageContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * The set-based side of payments: one statement for as many rows as there are. Due times
 * are the database's, whose clock all instances share.
 */
@Repository
class PaymentTables {

	private static final String PAYMENT = """
			p.id AS payment_id, p.order_id, p.user_id, p.amount, p.currency, p.payment_method, p.status,
			p.outcome_unknown, p.captured, p.refunded, p.last_refund, p.provider_reference, p.failure, p.version,
			p.created_at""";

	private final JdbcClient jdbc;

	private final Clock clock;

	PaymentTables(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/** The payments of orders by order id, locked in one order everywhere. */
	Map<UUID, Payment> lockByOrder(Collection<UUID> orderIds) {
		Map<UUID, Payment> payments = new HashMap<>();
		this.jdbc.sql("SELECT " + PAYMENT + " FROM payment p WHERE p.order_id = ANY (?) ORDER BY p.id FOR UPDATE")
			.param(uuids(orderIds))
			.query((row) -> {
				Payment payment = Payment.from(row);
				payments.put(payment.orderId(), payment);
			});
		return payments;
	}

	/** The payments of those operations that are still open, by operation id, locked. */
	Map<Long, Payment> lockByOperation(Collection<Long> operationIds) {
		Map<Long, Payment> payments = new HashMap<>();
		this.jdbc.sql("SELECT o.id AS operation_id, " + PAYMENT + """
				 FROM operation o JOIN payment p ON p.id = o.payment_id
				WHERE o.id = ANY (?) AND o.finished_at IS NULL ORDER BY p.id FOR UPDATE""")
			.param(new SqlArrayValue("bigint", operationIds.toArray()))
			.query((row) -> {
				payments.put(row.getLong("operation_id"), Payment.from(row));
			});
		return payments;
	}

	/** The open operations of locked payments; those of people do not count. */
	Map<UUID, OpenOperations> open(Collection<UUID> paymentIds) {
		Map<UUID, OpenOperations> open = new HashMap<>();
		this.jdbc.sql("""
				SELECT payment_id, kind, refund_id FROM operation
				WHERE payment_id = ANY (?) AND finished_at IS NULL""").param(uuids(paymentIds)).query((row) -> {
			OpenOperations operations = open.computeIfAbsent(row.getObject("payment_id", UUID.class),
					(_) -> new OpenOperations());
			operations.add(OperationKind.valueOf(row.getString("kind")), row.getObject("refund_id") != null);
		});
		return open;
	}

	/**
	 * What the open refunds of a locked payment take, or {@link Long#MAX_VALUE} if one of
	 * them takes all.
	 */
	long openRefunds(UUID paymentId) {
		return this.jdbc.sql("""
				SELECT coalesce(sum(coalesce(amount, 0)), 0)::bigint AS taken,
				       coalesce(bool_or(amount IS NULL), false) AS takes_all
				FROM operation WHERE payment_id = ? AND kind = 'REFUND' AND finished_at IS NULL""")
			.param(paymentId)
			.query((row, _) -> row.getBoolean("takes_all") ? Long.MAX_VALUE : row.getLong("taken"))
			.single();
	}

	void insertPayments(List<Payment> payments) {
		if (payments.isEmpty()) {
			return;
		}
		this.jdbc
			.sql("""
					INSERT INTO payment (id, order_id, user_id, amount, currency, payment_method, status, created_at, updated_at)
					SELECT id, order_id, user_id, amount, currency, payment_method, status, created_at, created_at
					FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
					     AS row (id, order_id, user_id, amount, currency, payment_method, status, created_at)""")
			.param(array("uuid", payments, Payment::id))
			.param(array("uuid", payments, Payment::orderId))
			.param(array("uuid", payments, Payment::userId))
			.param(array("bigint", payments,
					(payment) -> payment.isTombstone() ? null : Long.valueOf(payment.amount().amount())))
			.param(array("text", payments, Payment::currency))
			.param(array("text", payments, Payment::paymentMethod))
			.param(array("text", payments, (payment) -> payment.status().name()))
			.param(array("timestamptz", payments, (payment) -> Timestamp.from(payment.createdAt())))
			.update();
	}

	/**
	 * Writes operations down in list order.
	 * @param lease how long those that are taken already belong to their worker
	 * @return the ids of the new rows, in the same order
	 */
	List<Long> insertOperations(List<Operation.Wanted> wanted, Duration lease) {
		if (wanted.isEmpty()) {
			return List.of();
		}
		return this.jdbc.sql("""
				INSERT INTO operation (refund_id, payment_id, kind, amount, reason, outcome, attempts, asked, due_at,
				                       correlation_id, traceparent, created_at)
				SELECT refund_id, payment_id, kind, amount, reason, 'OPEN', taken, taken > 0,
				       clock_timestamp() + taken * make_interval(secs => ?), correlation_id, traceparent, ?
				FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::int[])
				     WITH ORDINALITY AS row (refund_id, payment_id, kind, amount, reason, correlation_id, traceparent,
				                             taken, position)
				ORDER BY position
				RETURNING id""")
			.param(seconds(lease))
			.param(Timestamp.from(this.clock.instant()))
			.param(array("uuid", wanted, Operation.Wanted::refundId))
			.param(array("uuid", wanted, Operation.Wanted::paymentId))
			.param(array("text", wanted, (operation) -> operation.kind().name()))
			.param(array("bigint", wanted, Operation.Wanted::amount))
			.param(array("text", wanted, Operation.Wanted::reason))
			.param(array("text", wanted, (operation) -> operation.context().correlationId()))
			.param(array("text", wanted, (operation) -> operation.context().traceparent()))
			.param(array("int", wanted, (operation) -> operation.taken() ? 1 : 0))
			.query((row, _) -> row.getLong("id"))
			.list();
	}

	/**
	 * Writes down that the provider is to be asked how a payment stands.
	 * @return whether it is new; one question is open at a time
	 */
	boolean insertInquiry(UUID paymentId, MessageContext context) {
		return this.jdbc
			.sql("""
					INSERT INTO operation (payment_id, kind, outcome, attempts, asked, due_at, correlation_id, traceparent, created_at)
					VALUES (?, 'RETRIEVE', 'OPEN', 0, false, clock_timestamp(), ?, ?, ?)
					ON CONFLICT (payment_id, kind) WHERE finished_at IS NULL AND refund_id IS NULL DO NOTHING""")
			.param(paymentId)
			.param(context.correlationId())
			.param(context.traceparent())
			.param(Timestamp.from(this.clock.instant()))
			.update() == 1;
	}

	/** Notes that the provider was asked how a payment stands. */
	long insertRetrieved(UUID paymentId, MessageContext context) {
		Timestamp now = Timestamp.from(this.clock.instant());
		return this.jdbc.sql("""
				INSERT INTO operation (payment_id, kind, outcome, attempts, asked, due_at, correlation_id, traceparent,
				                       created_at, finished_at)
				VALUES (?, 'RETRIEVE', 'DONE', 1, true, ?, ?, ?, ?, ?) RETURNING id""")
			.param(paymentId)
			.param(now)
			.param(context.correlationId())
			.param(context.traceparent())
			.param(now)
			.param(now)
			.query(Long.class)
			.single();
	}

	/**
	 * Takes operations that are due, of each payment only the first open one.
	 * @param lease after which another worker may take them
	 * @param unaskedOnly only those for which the provider need not be asked: an
	 * authorisation that it never heard of, and behind which a void waits
	 */
	List<Operation> take(int atMost, Duration lease, boolean unaskedOnly) {
		return this.jdbc
			.sql("""
					WITH due AS MATERIALIZED (
					    SELECT o.id, o.asked, w.withdrawn
					    FROM operation o CROSS JOIN LATERAL (
					        SELECT o.kind = 'AUTHORISE' AND NOT o.asked
					               AND EXISTS (SELECT FROM operation later WHERE later.payment_id = o.payment_id
					                           AND later.finished_at IS NULL AND later.kind = 'VOID') AS withdrawn) w
					    WHERE o.finished_at IS NULL AND o.due_at <= clock_timestamp() AND (w.withdrawn OR NOT ?)
					      AND NOT EXISTS (SELECT FROM operation earlier
					                      WHERE earlier.payment_id = o.payment_id AND earlier.finished_at IS NULL
					                        AND earlier.id < o.id)
					    ORDER BY o.due_at LIMIT ? FOR UPDATE OF o SKIP LOCKED)
					UPDATE operation o SET due_at = clock_timestamp() + make_interval(secs => ?), attempts = attempts + 1,
					                       asked = o.asked OR NOT due.withdrawn
					FROM due, payment p
					WHERE o.id = due.id AND p.id = o.payment_id
					RETURNING o.id AS operation_id, o.kind, o.refund_id IS NOT NULL AS by_person, o.amount AS operation_amount,
					          o.attempts, due.asked AS asked_before, due.withdrawn, o.refusals, o.correlation_id, o.traceparent,
					"""
					+ PAYMENT)
			.params(unaskedOnly, atMost, seconds(lease))
			.query((row, _) -> operation(row))
			.list();
	}

	private static Operation operation(ResultSet row) throws SQLException {
		return new Operation(row.getLong("operation_id"), OperationKind.valueOf(row.getString("kind")),
				row.getBoolean("by_person"), row.getObject("operation_amount", Long.class), row.getInt("attempts"),
				row.getBoolean("asked_before"), row.getBoolean("withdrawn"), row.getInt("refusals"),
				new MessageContext(row.getString("correlation_id"), row.getString("traceparent")), Payment.from(row));
	}

	/** Has refused operations of the saga carried out now that wait for later. */
	void hurry(List<UUID> paymentIds) {
		if (!paymentIds.isEmpty()) {
			this.jdbc
				.sql("""
						UPDATE operation SET due_at = clock_timestamp()
						WHERE payment_id = ANY (?) AND finished_at IS NULL AND refusals > 0 AND due_at > clock_timestamp()""")
				.param(uuids(paymentIds))
				.update();
		}
	}

	/**
	 * Ends open operations of locked payments.
	 * @return whether other operations wait behind them
	 */
	boolean end(List<End> ends) {
		if (ends.isEmpty()) {
			return false;
		}
		return this.jdbc.sql("""
				UPDATE operation o SET outcome = row.outcome, detail = row.detail,
				       amount = coalesce(o.amount, row.amount), finished_at = ?
				FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[]) AS row (id, outcome, detail, amount)
				WHERE o.id = row.id
				RETURNING EXISTS (SELECT FROM operation later WHERE later.payment_id = o.payment_id
				                  AND later.finished_at IS NULL AND later.id > o.id)""")
			.param(Timestamp.from(this.clock.instant()))
			.param(array("bigint", ends, End::operationId))
			.param(array("text", ends, End::outcome))
			.param(array("text", ends, End::detail))
			.param(array("bigint", ends, End::refunded))
			.query(Boolean.class)
			.list()
			.contains(true);
	}

	/** Gives operations of locked payments back for later. */
	void postpone(List<Postponement> postponements) {
		if (postponements.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				UPDATE operation o SET outcome = CASE WHEN row.unknown THEN 'UNKNOWN' ELSE o.outcome END,
				       detail = row.detail, asked = row.asked, refusals = row.refusals,
				       due_at = clock_timestamp() + make_interval(secs => row.delay)
				FROM unnest(?::bigint[], ?::boolean[], ?::text[], ?::boolean[], ?::int[], ?::float8[])
				     AS row (id, unknown, detail, asked, refusals, delay)
				WHERE o.id = row.id""")
			.param(array("bigint", postponements, Postponement::operationId))
			.param(array("boolean", postponements, Postponement::unknown))
			.param(array("text", postponements, Postponement::detail))
			.param(array("boolean", postponements, Postponement::asked))
			.param(array("int", postponements, Postponement::refusals))
			.param(array("float8", postponements, (postponement) -> seconds(postponement.delay())))
			.update();
	}

	/** Writes locked payments back. */
	void update(Collection<Payment> payments) {
		if (payments.isEmpty()) {
			return;
		}
		List<Payment> changed = List.copyOf(payments);
		this.jdbc
			.sql("""
					UPDATE payment p SET status = row.status, outcome_unknown = row.outcome_unknown, captured = row.captured,
					       refunded = row.refunded, last_refund = row.last_refund,
					       provider_reference = row.provider_reference, failure = row.failure, version = p.version + 1,
					       updated_at = ?
					FROM unnest(?::uuid[], ?::text[], ?::boolean[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])
					     AS row (id, status, outcome_unknown, captured, refunded, last_refund, provider_reference, failure)
					WHERE p.id = row.id""")
			.param(Timestamp.from(this.clock.instant()))
			.param(array("uuid", changed, Payment::id))
			.param(array("text", changed, (payment) -> payment.status().name()))
			.param(array("boolean", changed, Payment::isOutcomeUnknown))
			.param(array("bigint", changed, Payment::captured))
			.param(array("bigint", changed, Payment::refunded))
			.param(array("bigint", changed, Payment::lastRefund))
			.param(array("text", changed, Payment::providerReference))
			.param(array("text", changed, Payment::failure))
			.update();
	}

	/** Books movements in list order. */
	void book(List<Booking> bookings) {
		if (bookings.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO ledger_entry (operation_id, payment_id, debit, credit, amount, currency, booked_at)
				SELECT row.*, ?
				FROM unnest(?::bigint[], ?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[])
				     AS row (operation_id, payment_id, debit, credit, amount, currency)""")
			.param(Timestamp.from(this.clock.instant()))
			.param(array("bigint", bookings, Booking::operationId))
			.param(array("uuid", bookings, Booking::paymentId))
			.param(array("text", bookings, (booking) -> booking.posting().debit().name()))
			.param(array("text", bookings, (booking) -> booking.posting().credit().name()))
			.param(array("bigint", bookings, (booking) -> booking.posting().amount().amount()))
			.param(array("text", bookings, (booking) -> booking.posting().amount().currency()))
			.update();
	}

	/**
	 * How many operations are open, and for how many seconds the oldest has been, by kind
	 * and outcome.
	 */
	List<Backlog> backlog() {
		return this.jdbc.sql("""
				SELECT kind, outcome, count(*) AS operations,
				       extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS oldest
				FROM operation WHERE finished_at IS NULL GROUP BY kind, outcome""")
			.query((row, _) -> new Backlog(OperationKind.valueOf(row.getString("kind")),
					"UNKNOWN".equals(row.getString("outcome")), row.getLong("operations"), row.getDouble("oldest")))
			.list();
	}

	private static SqlArrayValue uuids(Collection<UUID> ids) {
		return new SqlArrayValue("uuid", ids.toArray());
	}

	/** An SQL array may hold nulls, which its Java type does not say. */
	@SuppressWarnings("NullAway")
	private static <T> SqlArrayValue array(String type, List<T> rows, Function<T, @Nullable Object> value) {
		@Nullable Object[] values = new Object[rows.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = value.apply(rows.get(i));
		}
		return new SqlArrayValue(type, values);
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	/** How an operation ended. */
	record End(long operationId, String outcome, @Nullable String detail, @Nullable Long refunded) {
	}

	/**
	 * An operation that goes on later.
	 *
	 * @param asked whether the provider may have been asked by now
	 * @param refusals how often it has definitely refused
	 */
	record Postponement(long operationId, boolean unknown, String detail, boolean asked, int refusals, Duration delay) {
	}

	record Booking(long operationId, UUID paymentId, Posting posting) {
	}

	record Backlog(OperationKind kind, boolean unknown, long operations, double oldestSeconds) {
	}

}
