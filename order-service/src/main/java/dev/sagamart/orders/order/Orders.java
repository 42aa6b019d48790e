package dev.sagamart.orders.order;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.orders.order.Acceptance.Accepted;
import dev.sagamart.orders.order.Acceptance.BuyerErased;
import dev.sagamart.orders.order.Acceptance.TooManyDeclines;
import dev.sagamart.orders.order.Acceptance.TooMuchOpen;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The orders, in PostgreSQL. Plain SQL, since the saga moves many of them with one
 * statement and the buyers only read.
 */
@Repository
public class Orders {

	private static final String PROGRESS = """
			SELECT id, user_id, total_amount, currency, payment_method, shipping_address ->> 'postalCode' AS postal_code,
			       extract(epoch FROM clock_timestamp() - created_at) AS age, state, failure_code, failure_message,
			       attempts, steps, events
			FROM orders
			""";

	/** Whether a buyer may place an order, and if not, why. */
	private static final String BUYER = """
			SELECT EXISTS (SELECT FROM erased_user WHERE user_id = :user) AS erased,
			       (SELECT count(*) >= :openOrders OR coalesce(sum(units), 0) > :openUnits
			        FROM orders WHERE user_id = :user AND deadline IS NOT NULL) AS too_much_open,
			       (SELECT count(*) >= :declines OR count(DISTINCT payment_method) >= :declinedMethods
			        FROM orders WHERE user_id = :user AND failure_code = 'PAYMENT_DECLINED'
			                      AND updated_at > now() - make_interval(secs => :window)) AS too_many_declines
			""";

	private final JdbcClient jdbc;

	private final JsonMapper json;

	private final BuyerLimits limits;

	Orders(JdbcClient jdbc, JsonMapper json, BuyerLimits limits) {
		this.jdbc = jdbc;
		this.json = json;
		this.limits = limits;
	}

	/**
	 * Stores a new order together with the progress that it made in the same moment, if
	 * its buyer may have one more.
	 */
	public Acceptance insert(NewOrder order, OrderProgress progress) {
		int units = order.lines().stream().mapToInt(Order.Line::quantity).sum();
		Optional<Order> stored = this.jdbc
			.sql("WITH buyer AS (" + BUYER
					+ """
							)
							INSERT INTO orders (id, user_id, state, lines, units, total_amount, currency, shipping_address,
							                    payment_method, attempts, deadline, steps, events)
							SELECT :id, :user, :state, :lines::jsonb, :units, :amount, :currency, :address::jsonb, :method, :attempts,
							       now() + make_interval(secs => :wait), :steps, :events
							FROM buyer
							WHERE NOT (erased OR too_much_open OR too_many_declines)
							RETURNING created_at, updated_at
							""")
			.params(limitsOf(order.userId()))
			.param("id", order.id())
			.param("state", progress.state().name())
			.param("lines", this.json.writeValueAsString(order.lines()))
			.param("units", units)
			.param("amount", order.total().amount())
			.param("currency", order.total().currency())
			.param("address", this.json.writeValueAsString(order.shippingAddress()))
			.param("method", order.paymentMethod())
			.param("attempts", progress.attempts())
			.param("wait", progress.secondsToWait())
			.param("steps", progress.steps())
			.param("events", progress.events())
			.query((row, _) -> new Order(order.id(), order.userId(), progress.state(), order.lines(), order.total(),
					order.shippingAddress(), order.paymentMethod(), null,
					row.getObject("created_at", OffsetDateTime.class).toInstant(),
					row.getObject("updated_at", OffsetDateTime.class).toInstant()))
			.optional();
		return stored.<Acceptance>map(Accepted::new).orElseGet(() -> whyNot(order.userId()));
	}

	private Acceptance whyNot(UUID userId) {
		return this.jdbc.sql(BUYER)
			.params(limitsOf(userId))
			.query((row, _) -> row.getBoolean("erased") ? new BuyerErased()
					: row.getBoolean("too_much_open") ? new TooMuchOpen() : new TooManyDeclines())
			.single();
	}

	private Map<String, Object> limitsOf(UUID userId) {
		return Map.of("user", userId, "openOrders", this.limits.openOrders(), "openUnits", this.limits.openUnits(),
				"declines", this.limits.declines(), "declinedMethods", this.limits.declinedMethods(), "window",
				this.limits.window().toSeconds());
	}

	public Optional<Order> find(UUID id) {
		return this.jdbc.sql("SELECT * FROM orders WHERE id = ?").param(id).query(this::order).optional();
	}

	public List<Order.Line> linesOf(UUID id) {
		return this.jdbc.sql("SELECT lines FROM orders WHERE id = ?").param(id).query((row, _) -> lines(row)).single();
	}

	/**
	 * Orders, newest first.
	 * @param userId whose, or {@code null} for everybody's
	 * @param status of which status, or {@code null} for any
	 * @param before the last order of the page before, or {@code null} for the first page
	 */
	public List<Order> list(@Nullable UUID userId, @Nullable OrderStatus status, @Nullable UUID before, int limit) {
		StringBuilder sql = new StringBuilder("SELECT * FROM orders WHERE true");
		List<Object> params = new ArrayList<>();
		if (userId != null) {
			sql.append(" AND user_id = ?");
			params.add(userId);
		}
		if (status != null) {
			List<OrderState> states = OrderState.of(status);
			// Said for the planner: either of them has an index. And as words of the
			// statement, since how rare a state is decides which index is best.
			sql.append(states.getFirst().isWaiting() ? " AND deadline IS NOT NULL" : " AND deadline IS NULL")
				.append(states.stream().map(Enum::name).collect(Collectors.joining("', '", " AND state IN ('", "')")));
		}
		if (before != null) {
			sql.append(" AND id < ?");
			params.add(before);
		}
		params.add(limit);
		return this.jdbc.sql(sql.append(" ORDER BY id DESC LIMIT ?").toString())
			.params(params)
			.query(this::order)
			.list();
	}

	/**
	 * Locks orders until the end of the transaction, in the order of their ids, so that
	 * two batches never wait for each other in a circle.
	 */
	public List<OrderProgress> lock(Collection<UUID> ids) {
		return this.jdbc.sql(PROGRESS + "WHERE id = ANY (?::uuid[]) ORDER BY id FOR UPDATE")
			.param(texts(ids))
			.query(this::progress)
			.list();
	}

	/**
	 * Locks orders whose deadline has passed, the longest overdue first, leaving out
	 * those that somebody else is busy with.
	 */
	public List<OrderProgress> lockOverdue(int limit) {
		return this.jdbc.sql(PROGRESS + "WHERE deadline < now() ORDER BY deadline LIMIT ? FOR UPDATE SKIP LOCKED")
			.param(limit)
			.query(this::progress)
			.list();
	}

	/** Stores what happened to locked orders, in one statement. */
	public void save(Collection<OrderProgress> moved) {
		List<OrderProgress> rows = List.copyOf(moved);
		this.jdbc
			.sql("""
					UPDATE orders o
					SET state = v.state, failure_code = v.failure_code, failure_message = v.failure_message,
					    attempts = v.attempts, steps = v.steps, events = v.events, updated_at = now(),
					    deadline = CASE WHEN v.wait < 0 THEN o.deadline ELSE clock_timestamp() + make_interval(secs => v.wait) END
					FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::int[], ?::int[], ?::int[], ?::float8[])
					     AS v (id, state, failure_code, failure_message, attempts, steps, events, wait)
					WHERE o.id = v.id
					""")
			.params(texts(rows.stream().map(OrderProgress::id).toList()),
					rows.stream().map((row) -> row.state().name()).toArray(String[]::new),
					rows.stream()
						.map((row) -> (row.failure() != null) ? row.failure().code().name() : null)
						.toArray(String[]::new),
					rows.stream()
						.map((row) -> (row.failure() != null) ? row.failure().message() : null)
						.toArray(String[]::new),
					rows.stream().map(OrderProgress::attempts).toArray(Integer[]::new),
					rows.stream().map(OrderProgress::steps).toArray(Integer[]::new),
					rows.stream().map(OrderProgress::events).toArray(Integer[]::new),
					rows.stream().map(OrderProgress::secondsToWait).toArray(Double[]::new))
			.update();
	}

	/**
	 * Takes the addresses out of a user's orders, except those that still have to be
	 * sent; the country stays, for the books. Leaves out orders that somebody is busy
	 * with, and takes a thousand at most.
	 * @return whether no address is left
	 */
	public boolean anonymise(UUID userId) {
		this.jdbc.sql("""
				UPDATE orders SET shipping_address = jsonb_build_object('recipient', '', 'line1', '', 'line2', NULL,
				                      'city', '', 'postalCode', '', 'country', shipping_address -> 'country')
				WHERE id IN (SELECT id FROM orders
				             WHERE user_id = ? AND state = ANY (?) AND shipping_address ->> 'recipient' <> ''
				             LIMIT 1000 FOR UPDATE SKIP LOCKED)
				""")
			.params(userId,
					Arrays.stream(OrderState.values())
						.filter(OrderState::isDoneWithAddress)
						.map(Enum::name)
						.toArray(String[]::new))
			.update();
		return this.jdbc
			.sql("SELECT NOT EXISTS (SELECT FROM orders WHERE user_id = ? AND shipping_address ->> 'recipient' <> '')")
			.param(userId)
			.query(Boolean.class)
			.single();
	}

	private static String[] texts(Collection<UUID> ids) {
		return ids.stream().map(UUID::toString).toArray(String[]::new);
	}

	private Order order(ResultSet row, int number) throws SQLException {
		return new Order(row.getObject("id", UUID.class), row.getObject("user_id", UUID.class),
				OrderState.valueOf(row.getString("state")), lines(row), total(row),
				this.json.readValue(row.getString("shipping_address"), Address.class), row.getString("payment_method"),
				failure(row), row.getObject("created_at", OffsetDateTime.class).toInstant(),
				row.getObject("updated_at", OffsetDateTime.class).toInstant());
	}

	private OrderProgress progress(ResultSet row, int number) throws SQLException {
		return new OrderProgress(row.getObject("id", UUID.class), row.getObject("user_id", UUID.class), total(row),
				row.getString("payment_method"), row.getString("postal_code"),
				Duration.ofMillis(Math.round(row.getDouble("age") * 1000)), OrderState.valueOf(row.getString("state")),
				failure(row), row.getInt("attempts"), row.getInt("steps"), row.getInt("events"));
	}

	private List<Order.Line> lines(ResultSet row) throws SQLException {
		return List.of(this.json.readValue(row.getString("lines"), Order.Line[].class));
	}

	private static Money total(ResultSet row) throws SQLException {
		return new Money(row.getLong("total_amount"), row.getString("currency"));
	}

	private static @Nullable Failure failure(ResultSet row) throws SQLException {
		String code = row.getString("failure_code");
		return (code != null) ? new Failure(FailureCode.valueOf(code),
				Objects.requireNonNullElse(row.getString("failure_message"), "")) : null;
	}

}
