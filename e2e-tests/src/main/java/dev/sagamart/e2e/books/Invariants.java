package dev.sagamart.e2e.books;

import dev.sagamart.e2e.books.ProviderBooks.Intent;
import dev.sagamart.e2e.client.Order;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.lang3.function.FailableConsumer;

/**
 * Checks the invariants of money, stock, settled orders and histories over the schemas of
 * all services and the provider's books. They hold when the platform is quiet. Read-only.
 */
public final class Invariants {

	private static final Set<String> SOLD = Set.of("CONFIRMED", "SHIPPED", "DELIVERED");

	private static final List<String> MESSAGING = List.of("users", "products", "orders", "payments");

	private final Connection database;

	private final ProviderBooks provider;

	private final List<String> violations = new ArrayList<>();

	private Invariants(Connection database, ProviderBooks provider) {
		this.database = database;
		this.provider = provider;
	}

	/**
	 * Returns the violations, each as a sentence that begins with the invariant; empty if
	 * all invariants hold.
	 * @param database a connection that may read the schemas of all services
	 */
	public static List<String> violations(Connection database, ProviderBooks provider) throws SQLException {
		Invariants invariants = new Invariants(database, provider);
		invariants.checkAll();
		return List.copyOf(invariants.violations);
	}

	/**
	 * Returns the unfinished work: orders that are not settled, sales that are not
	 * recorded, messages that are not sent, calls to the provider without a reply.
	 */
	public static List<String> unfinished(Connection database) throws SQLException {
		List<String> unfinished = new ArrayList<>();
		FailableConsumer<ResultSet, SQLException> addToUnfinished = (row) -> unfinished.add(row.getString(1));
		query(database, "SELECT 'order ' || id || ' is ' || state FROM orders.orders WHERE state <> ALL (ARRAY['"
				+ String.join("','", Order.SETTLED) + "'])", addToUnfinished);
		query(database, "SELECT 'operation ' || kind || ' of payment ' || payment_id || ' is ' || outcome "
				+ "FROM payments.operation WHERE finished_at IS NULL", addToUnfinished);
		query(database, """
				SELECT 'order ' || o.id || ' is ' || o.state || ', its reservation ' || r.status
				FROM orders.orders o JOIN products.reservation r ON r.order_id = o.id
				WHERE o.state IN ('CONFIRMED', 'SHIPPED', 'DELIVERED') AND r.status = 'RESERVED'""", addToUnfinished);
		for (String schema : MESSAGING) {
			query(database, "SELECT '" + schema + " has not sent ' || type || ' of ' || coalesce(msg_key, '?') FROM "
					+ schema + ".outbox", addToUnfinished);
		}
		return unfinished;
	}

	private void checkAll() throws SQLException {
		money();
		stock();
		histories();
		deadLetters();
	}

	/** I1, I2, and I4 for payments. */
	private void money() throws SQLException {
		List<Intent> all = this.provider.all();
		Map<String, List<Intent>> intents = all.stream().collect(Collectors.groupingBy(Intent::orderId));
		Map<String, Long> kept = all.stream()
			.collect(Collectors.groupingBy(Intent::currency,
					Collectors.summingLong((intent) -> intent.captured() - intent.refunded())));
		Set<String> known = new HashSet<>();
		query("""
				SELECT o.id, o.state, o.total_amount, lower(o.currency), p.status, coalesce(p.captured, 0),
				       coalesce(p.refunded, 0),
				       EXISTS (SELECT FROM orders.saga_step s WHERE s.order_id = o.id AND s.state = 'CONFIRMED')
				FROM orders.orders o LEFT JOIN payments.payment p ON p.order_id = o.id""", (row) -> {
			known.add(row.getString(1));
			payment(row, intents.getOrDefault(row.getString(1), List.of()));
		});
		intents.keySet()
			.stream()
			.filter((id) -> !known.contains(id))
			.forEach((id) -> check("I1", false, "the provider knows an order that nobody placed: " + intents.get(id)));
		query("""
				SELECT lower(currency), coalesce(sum(balance) FILTER (WHERE account = 'PROVIDER'), 0)
				FROM payments.ledger_balance GROUP BY 1""", (row) -> {
			long provider = kept.getOrDefault(row.getString(1), 0L);
			check("I1", Math.abs(row.getLong(2)) == provider, "the ledger has " + row.getLong(2) + " "
					+ row.getString(1) + " at the provider, who has kept " + provider);
		});
	}

	/** An order with its payment, and its intents at the provider. */
	private void payment(ResultSet row, List<Intent> intents) throws SQLException {
		String state = row.getString(2);
		long total = row.getLong(3);
		String currency = row.getString(4);
		long captured = row.getLong(6);
		long refunded = row.getLong(7);
		String order = state + " order " + row.getString(1) + " over " + total;
		long captures = intents.stream().filter((intent) -> intent.captured() > 0).count();
		check("I1",
				captured == intents.stream().mapToLong(Intent::captured).sum()
						&& refunded == intents.stream().mapToLong(Intent::refunded).sum(),
				order + ": payment has captured " + captured + " and refunded " + refunded + ", the provider has "
						+ intents);
		check("I1", intents.stream().allMatch((intent) -> intent.currency().equals(currency)),
				order + ": the provider has another currency: " + intents);
		check("I2", captures <= 1, order + " was captured " + captures + " times: " + intents);
		check("I2", !row.getBoolean(8) || captures == 1, order + " was confirmed without a capture: " + intents);
		if (SOLD.contains(state)) {
			check("I1", captured == total, order + " is sold, and paid with " + captured);
		}
		else if (Order.SETTLED.contains(state)) {
			check("I1", captured == refunded, order + " has kept " + (captured - refunded));
			check("I4", intents.stream().noneMatch(Intent::isHeld), order + " still holds money: " + intents);
			check("I4", !Set.of("PENDING", "AUTHORISED").contains(row.getString(5) + ""),
					order + " has a payment that is " + row.getString(5));
		}
	}

	/** I3, and I4 for reservations. */
	private void stock() throws SQLException {
		query("""
				SELECT s.product_id, s.initial, s.on_hand, s.reserved, s.sold,
				       (SELECT coalesce(sum(delta), 0) FROM products.stock_adjustment a WHERE a.product_id = s.product_id),
				       coalesce(l.reserved, 0), coalesce(l.sold, 0)
				FROM products.stock s
				LEFT JOIN (SELECT product_id, sum(quantity) FILTER (WHERE r.status = 'RESERVED') AS reserved,
				                  sum(quantity) FILTER (WHERE r.status = 'SOLD') AS sold
				           FROM products.reservation_line JOIN products.reservation r USING (order_id)
				           GROUP BY product_id) l USING (product_id)""",
				(row) -> {
					String product = "product " + row.getString(1);
					long onHand = row.getLong(3);
					long reserved = row.getLong(4);
					long sold = row.getLong(5);
					check("I3", onHand >= 0 && reserved >= 0 && reserved <= onHand,
							product + " has " + onHand + " on hand and " + reserved + " reserved");
					check("I3", row.getLong(2) + row.getLong(6) == onHand + sold,
							product + " began with " + row.getLong(2) + ", was adjusted by " + row.getLong(6) + ", has "
									+ onHand + " and sold " + sold);
					check("I3", reserved == row.getLong(7) && sold == row.getLong(8),
							product + " has reserved " + reserved + " and sold " + sold + ", its reservations "
									+ row.getLong(7) + " and " + row.getLong(8));
				});
		query("""
				SELECT o.id, o.state, r.status
				FROM orders.orders o FULL JOIN products.reservation r ON r.order_id = o.id""", (row) -> {
			String state = row.getString(2) + "";
			String reservation = row.getString(3) + "";
			String order = state + " order " + row.getString(1) + " has a reservation that is " + reservation;
			if (SOLD.contains(state)) {
				check("I4", reservation.equals("SOLD"), order);
			}
			else if (Order.SETTLED.contains(state)) {
				check("I4", !Set.of("NEW", "RESERVED", "SOLD", "CONFIRMED").contains(reservation), order);
			}
			check("I4", !state.equals("null"), "a reservation without an order is " + reservation);
		});
	}

	/**
	 * I4, and the part of I7 that does not need the saga table: every journal starts with
	 * the order, has no gap, and ends once.
	 */
	private void histories() throws SQLException {
		unfinished(this.database).forEach((what) -> check("I4", false, what));
		query("""
				SELECT o.id, o.state, o.steps, count(s), coalesce(min(s.sequence), 0), coalesce(max(s.sequence), 0),
				       (array_agg(s.state ORDER BY s.sequence DESC))[1], (array_agg(s.type ORDER BY s.sequence))[1]
				FROM orders.orders o LEFT JOIN orders.saga_step s ON s.order_id = o.id GROUP BY o.id""", (row) -> {
			String order = row.getString(2) + " order " + row.getString(1);
			int steps = row.getInt(3);
			check("I7", steps == row.getInt(4) && row.getInt(5) == 1 && row.getInt(6) == steps,
					order + " has " + row.getInt(4) + " journal entries from " + row.getInt(5) + " to " + row.getInt(6)
							+ " and counted " + steps);
			check("I7", row.getString(2).equals(row.getString(7)),
					order + " has a journal that ends as " + row.getString(7));
			check("I7", "ORDER_PLACED".equals(row.getString(8)), order + " begins with " + row.getString(8));
		});
		query("""
				SELECT DISTINCT before, state FROM (
				  SELECT state, lag(state) OVER (PARTITION BY order_id ORDER BY sequence) AS before FROM orders.saga_step) s
				WHERE before IN ('REJECTED', 'CANCELLED', 'DELIVERED') AND state <> before""",
				(row) -> check("I7", false, "an order came back from " + row.getString(1) + " to " + row.getString(2)));
	}

	/** I5: there are no dead letters. */
	private void deadLetters() throws SQLException {
		for (String schema : MESSAGING) {
			query("SELECT consumer, type, cause FROM " + schema + ".dead_letter", (row) -> check("I5", false,
					row.getString(1) + " gave up " + row.getString(2) + ": " + row.getString(3)));
		}
	}

	private void check(String invariant, boolean holds, String violation) {
		if (!holds) {
			this.violations.add(invariant + ": " + violation);
		}
	}

	private void query(String sql, FailableConsumer<ResultSet, SQLException> check) throws SQLException {
		query(this.database, sql, check);
	}

	private static void query(Connection database, String sql, FailableConsumer<ResultSet, SQLException> check)
			throws SQLException {
		try (Statement statement = database.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				check.accept(rows);
			}
		}
	}

}
