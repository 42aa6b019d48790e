package dev.sagamart.payments.payment;

import dev.sagamart.platform.database.SqlArrays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * The payments, their operations and the ledger. A method needs the same number of
 * statements for any number of rows. Due times come from the clock of the database, which
 * all instances share.
 */
@Repository
public class Payments {

	private static final String PAYMENT = """
			p.id AS payment_id, p.order_id, p.user_id, p.amount, p.currency, p.payment_method, p.status,
			p.outcome_unknown, p.captured, p.refunded, p.last_refund, p.provider_reference, p.failure, p.created_at
			""";

	private static final String OPERATION = """
			o.id AS operation_id, o.refund_id, o.kind, o.amount AS operation_amount, o.reason, o.outcome, o.detail,
			o.attempts, o.asked, o.refusals, o.correlation_id, o.traceparent, o.created_at AS requested_at,
			""" + PAYMENT;

	private static final String PAYMENTS = "SELECT " + PAYMENT + "FROM payment p WHERE ";

	/**
	 * Payments come first in the join, so that {@code FOR UPDATE} locks them before their
	 * operations. All transactions lock in this order.
	 */
	private static final String OPERATIONS = "SELECT o.asked AS asked_before, " + OPERATION
			+ "FROM payment p JOIN operation o ON o.payment_id = p.id WHERE ";

	private final JdbcClient jdbc;

	private final Clock clock;

	Payments(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	public Optional<Payment> findById(UUID id) {
		return payments(PAYMENTS + "p.id = ?", id).optional();
	}

	public Optional<Payment> findByOrderId(UUID orderId) {
		return payments(PAYMENTS + "p.order_id = ?", orderId).optional();
	}

	/** Locks a payment until the end of the transaction. */
	public Optional<Payment> findAndLock(UUID id) {
		return payments(PAYMENTS + "p.id = ? FOR UPDATE", id).optional();
	}

	/** Locks the payments of orders in the order of their ids, to avoid deadlocks. */
	List<Payment> findAndLock(Collection<UUID> orderIds) {
		return payments(PAYMENTS + "p.order_id = ANY (?) ORDER BY p.id FOR UPDATE", SqlArrays.uuids(orderIds)).list();
	}

	/** The refunds that administrators requested before another one, newest first. */
	public List<Operation> findRefundsBefore(UUID before, UUID paymentId, int limit) {
		return operations(OPERATIONS + "p.id = ? AND o.refund_id < ? ORDER BY o.refund_id DESC LIMIT ?", paymentId,
				before, limit)
			.list();
	}

	/** The last operation of these kinds that the provider refused at least once. */
	public Optional<Operation> findLastRefused(UUID paymentId, EnumSet<OperationKind> kinds) {
		return operations(OPERATIONS + """
				p.id = ? AND (o.outcome = 'DECLINED' OR o.refusals > 0) AND o.kind = ANY (?) AND o.detail IS NOT NULL
				ORDER BY o.id DESC LIMIT 1""", paymentId, kinds.stream().map(Enum::name).toArray(String[]::new))
			.optional();
	}

	/** The open operations of locked payments. */
	List<Operation> findOpen(Collection<UUID> paymentIds) {
		return operations(OPERATIONS + "p.id = ANY (?) AND o.finished_at IS NULL", SqlArrays.uuids(paymentIds)).list();
	}

	/** Locks operations and their payments. Leaves out operations that are not open. */
	List<Operation> findOpenAndLock(Collection<Long> operationIds) {
		return operations(OPERATIONS + "o.id = ANY (?) AND o.finished_at IS NULL ORDER BY p.id FOR UPDATE",
				new SqlArrayValue("bigint", operationIds.toArray()))
			.list();
	}

	/**
	 * Takes due operations, and of each payment only the first open one.
	 * @param lease the time after which another instance may take them
	 * @param unaskedOnly whether to take only withdrawn operations: authorisations that
	 * never reached the provider and are followed by a void
	 */
	List<Operation> take(int atMost, Duration lease, boolean unaskedOnly) {
		return operations("""
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
				FROM due, payment p WHERE o.id = due.id AND p.id = o.payment_id
				RETURNING due.asked AS asked_before,\s""" + OPERATION, unaskedOnly, atMost, seconds(lease)).list();
	}

	void add(List<Payment> payments) {
		if (payments.isEmpty()) {
			return;
		}
		this.jdbc
			.sql("""
					INSERT INTO payment (id, order_id, user_id, amount, currency, payment_method, status, created_at, updated_at)
					SELECT *, created_at
					FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
					     AS row (id, order_id, user_id, amount, currency, payment_method, status, created_at)""")
			.params(columns(payments, Payment::toInsertRow, "uuid", "uuid", "uuid", "bigint", "text", "text", "text",
					"timestamptz"))
			.update();
	}

	/**
	 * Adds operations that are due now, in list order. Skips an operation of the saga or
	 * of the reconciliation if the payment has an open one of the same kind.
	 * @return the ids of the added operations
	 */
	List<Long> addOperations(List<Operation> operations) {
		if (operations.isEmpty()) {
			return List.of();
		}
		return this.jdbc.sql("""
				INSERT INTO operation (refund_id, payment_id, kind, amount, reason, outcome, attempts, asked,
				                       correlation_id, traceparent, created_at, finished_at, due_at)
				SELECT refund_id, payment_id, kind, amount, reason, outcome, attempts, attempts > 0, correlation_id,
				       traceparent, now, CASE outcome WHEN 'DONE' THEN now END, clock_timestamp()
				FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::int[], ?::text[],
				            ?::text[])
				     WITH ORDINALITY AS row (refund_id, payment_id, kind, amount, reason, outcome, attempts,
				                             correlation_id, traceparent, position),
				     (SELECT ?::timestamptz) AS clock (now)
				ORDER BY position
				ON CONFLICT (payment_id, kind) WHERE finished_at IS NULL AND refund_id IS NULL DO NOTHING
				RETURNING id""")
			.params(columns(operations, Operation::toInsertRow, "uuid", "uuid", "text", "bigint", "text", "text", "int",
					"text", "text"))
			.param(now())
			.query((row, _) -> row.getLong(1))
			.list();
	}

	/** Makes refused operations due immediately. */
	void retryNow(List<UUID> paymentIds) {
		if (!paymentIds.isEmpty()) {
			this.jdbc
				.sql("""
						UPDATE operation SET due_at = clock_timestamp()
						WHERE payment_id = ANY (?) AND finished_at IS NULL AND refusals > 0 AND due_at > clock_timestamp()""")
				.param(SqlArrays.uuids(paymentIds))
				.update();
		}
	}

	/**
	 * Stores operations and their payments, which must be locked.
	 * @return whether further operations wait for one that is finished now
	 */
	boolean update(Collection<Operation> operations) {
		if (operations.isEmpty()) {
			return false;
		}
		this.jdbc
			.sql("""
					UPDATE payment p SET status = row.status, outcome_unknown = row.outcome_unknown, captured = row.captured,
					       refunded = row.refunded, last_refund = row.last_refund,
					       provider_reference = row.provider_reference, failure = row.failure, version = p.version + 1,
					       updated_at = ?
					FROM unnest(?::uuid[], ?::text[], ?::boolean[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])
					     AS row (id, status, outcome_unknown, captured, refunded, last_refund, provider_reference, failure)
					WHERE p.id = row.id""")
			.param(now())
			.params(columns(operations, (operation) -> operation.payment().toUpdateRow(), "uuid", "text", "boolean",
					"bigint", "bigint", "bigint", "text", "text"))
			.update();
		return this.jdbc
			.sql("""
					UPDATE operation o SET amount = row.amount, outcome = row.outcome, detail = row.detail, asked = row.asked,
					       refusals = row.refusals, finished_at = CASE WHEN row.outcome IN ('DONE', 'DECLINED') THEN ?::timestamptz END,
					       due_at = coalesce(clock_timestamp() + make_interval(secs => row.delay), o.due_at)
					FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::boolean[], ?::int[], ?::float8[])
					     AS row (id, amount, outcome, detail, asked, refusals, delay)
					WHERE o.id = row.id
					RETURNING o.finished_at IS NOT NULL
					          AND EXISTS (SELECT FROM operation later WHERE later.payment_id = o.payment_id
					                      AND later.finished_at IS NULL AND later.id > o.id)""")
			.param(now())
			.params(columns(operations, Operation::toUpdateRow, "bigint", "bigint", "text", "text", "boolean", "int",
					"float8"))
			.query((row, _) -> row.getBoolean(1))
			.list()
			.contains(true);
	}

	/** Adds entries to the ledger in list order. */
	void book(List<Posting> postings) {
		if (postings.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO ledger_entry (booked_at, operation_id, payment_id, debit, credit, amount, currency)
				SELECT ?, * FROM unnest(?::bigint[], ?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[])""")
			.param(now())
			.params(columns(postings, Posting::toRow, "bigint", "uuid", "text", "text", "bigint", "text"))
			.update();
	}

	private JdbcClient.MappedQuerySpec<Payment> payments(String sql, Object parameter) {
		return this.jdbc.sql(sql).param(parameter).query((row, _) -> Payment.from(row));
	}

	private JdbcClient.MappedQuerySpec<Operation> operations(String sql, Object... parameters) {
		return this.jdbc.sql(sql).params(parameters).query((row, _) -> Operation.from(row));
	}

	/** Transposes rows into one array per column, as {@code unnest} takes them. */
	@SuppressWarnings("NullAway") // SqlArrayValue takes null elements, but is not
									// annotated
	private static <T> List<SqlArrayValue> columns(Collection<T> entities, Function<T, @Nullable Object[]> toRow,
			String... types) {
		List<@Nullable Object[]> rows = entities.stream().map(toRow).toList();
		List<SqlArrayValue> columns = new ArrayList<>(types.length);
		for (int column = 0; column < types.length; column++) {
			@Nullable Object[] values = new Object[rows.size()];
			for (int row = 0; row < values.length; row++) {
				values[row] = rows.get(row)[column];
			}
			columns.add(new SqlArrayValue(types[column], values));
		}
		return columns;
	}

	private Timestamp now() {
		return Timestamp.from(this.clock.instant());
	}

	static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

}
