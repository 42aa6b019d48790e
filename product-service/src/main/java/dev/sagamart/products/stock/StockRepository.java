package dev.sagamart.products.stock;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.platform.database.SqlArrays;
import dev.sagamart.products.stock.Reservation.Failure;
import dev.sagamart.products.stock.Reservation.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * Stock and reservations in PostgreSQL. A batch needs a constant number of statements.
 * Locks are always taken in the same order, first reservations by order id and then stock
 * by product id, so that concurrent batches and adjustments cannot deadlock.
 */
@Repository
class StockRepository {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final JdbcClient jdbc;

	StockRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void open(UUID productId, long initial) {
		this.jdbc.sql("INSERT INTO stock (product_id, initial, on_hand) VALUES (?, ?, ?)")
			.params(productId, initial, initial)
			.update();
	}

	Optional<StockLevel> find(UUID productId) {
		return this.jdbc.sql("SELECT on_hand, reserved, sold FROM stock WHERE product_id = ?")
			.param(productId)
			.query((row, number) -> level(row))
			.optional();
	}

	Optional<Long> findInitial(UUID productId) {
		return this.jdbc.sql("SELECT initial FROM stock WHERE product_id = ?")
			.param(productId)
			.query(Long.class)
			.optional();
	}

	/** Changes the stock on hand, unless it would be smaller than the reserved stock. */
	Optional<StockLevel> adjust(UUID productId, long delta) {
		return this.jdbc.sql("""
				UPDATE stock SET on_hand = on_hand + :delta, version = version + 1
				WHERE product_id = :product AND on_hand + :delta >= reserved
				RETURNING on_hand, reserved, sold
				""").param("delta", delta).param("product", productId).query((row, number) -> level(row)).optional();
	}

	UUID recordAdjustment(UUID productId, long delta, String reason, UUID actorId, Instant at) {
		UUID id = IDS.generate();
		this.jdbc.sql("""
				INSERT INTO stock_adjustment (id, product_id, delta, reason, actor_id, created_at)
				VALUES (?, ?, ?, ?, ?, ?)
				""").params(id, productId, delta, reason, actorId, Timestamp.from(at)).update();
		return id;
	}

	/** Creates missing reservations, to lock orders before their first message. */
	Map<UUID, Reservation> lockReservations(Collection<UUID> orderIds, Instant now) {
		SqlArrayValue ids = SqlArrays.uuids(new TreeSet<>(orderIds));
		Timestamp at = Timestamp.from(now);
		this.jdbc.sql("""
				INSERT INTO reservation (order_id, status, created_at, updated_at)
				SELECT order_id, 'NEW', ?, ? FROM unnest(?) AS o(order_id) ORDER BY order_id
				ON CONFLICT (order_id) DO NOTHING
				""").params(at, at, ids).update();
		Map<UUID, Reservation> reservations = new LinkedHashMap<>();
		this.jdbc.sql("""
				SELECT order_id, status, failure_code, failure_product_id, failure_message
				FROM reservation WHERE order_id = ANY (?) ORDER BY order_id FOR UPDATE
				""").param(ids).query((row) -> {
			reservations.put(row.getObject("order_id", UUID.class), reservation(row));
		});
		Map<UUID, Map<UUID, Long>> lines = new HashMap<>();
		this.jdbc.sql("SELECT order_id, product_id, quantity FROM reservation_line WHERE order_id = ANY (?)")
			.param(ids)
			.query((row) -> {
				lines.computeIfAbsent(row.getObject("order_id", UUID.class), (id) -> new HashMap<>())
					.put(row.getObject("product_id", UUID.class), row.getLong("quantity"));
			});
		lines.forEach((orderId, held) -> reservations.computeIfPresent(orderId,
				(_, header) -> new Reservation(orderId, header.status(), held, header.failure())));
		return reservations;
	}

	Map<UUID, StockLevel> lockLevels(Collection<UUID> productIds) {
		Map<UUID, StockLevel> levels = new HashMap<>();
		this.jdbc.sql("""
				SELECT product_id, on_hand, reserved, sold
				FROM stock WHERE product_id = ANY (?) ORDER BY product_id FOR UPDATE
				""").param(SqlArrays.uuids(new TreeSet<>(productIds))).query((row) -> {
			levels.put(row.getObject("product_id", UUID.class), level(row));
		});
		return levels;
	}

	/** Must be called after the locks are taken; otherwise the prices may be outdated. */
	Map<UUID, Offer> findOffers(Collection<UUID> productIds) {
		Map<UUID, Offer> offers = new HashMap<>();
		this.jdbc.sql("""
				SELECT id, name, price_amount, price_currency, discontinued_at IS NULL AS active
				FROM product WHERE id = ANY (?)
				""").param(SqlArrays.uuids(productIds)).query((row) -> {
			offers.put(row.getObject("id", UUID.class), new Offer(row.getString("name"),
					new Money(row.getLong("price_amount"), row.getString("price_currency")), row.getBoolean("active")));
		});
		return offers;
	}

	void saveLevels(Map<UUID, StockLevel> levels) {
		if (levels.isEmpty()) {
			return;
		}
		Collection<StockLevel> rows = levels.values();
		this.jdbc.sql("""
				UPDATE stock SET on_hand = u.on_hand, reserved = u.reserved, sold = u.sold,
				    version = stock.version + 1
				FROM unnest(?, ?, ?, ?) AS u(product_id, on_hand, reserved, sold)
				WHERE stock.product_id = u.product_id
				""")
			.params(SqlArrays.uuids(levels.keySet()), SqlArrays.column("bigint", rows, StockLevel::onHand),
					SqlArrays.column("bigint", rows, StockLevel::reserved),
					SqlArrays.column("bigint", rows, StockLevel::sold))
			.update();
	}

	/** The versions of stock, which grow with each change. */
	Map<UUID, Long> versions(Collection<UUID> productIds) {
		Map<UUID, Long> versions = new HashMap<>();
		this.jdbc.sql("SELECT product_id, version FROM stock WHERE product_id = ANY (?)")
			.param(SqlArrays.uuids(productIds))
			.query((row) -> {
				versions.put(row.getObject("product_id", UUID.class), row.getLong("version"));
			});
		return versions;
	}

	void saveReservations(Collection<Reservation> reservations, Instant now) {
		if (reservations.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				UPDATE reservation SET status = u.status, failure_code = u.code, failure_product_id = u.product_id,
				    failure_message = u.message, updated_at = ?
				FROM unnest(?, ?, ?, ?, ?) AS u(order_id, status, code, product_id, message)
				WHERE reservation.order_id = u.order_id
				""")
			.params(Timestamp.from(now), SqlArrays.column("uuid", reservations, Reservation::orderId),
					SqlArrays.column("text", reservations, (reservation) -> reservation.status().name()),
					failures("text", reservations, (failure) -> failure.code().name()),
					failures("uuid", reservations, Failure::productId),
					failures("text", reservations, Failure::message))
			.update();
	}

	void addLines(Collection<Reservation> reservations) {
		List<Line> lines = reservations.stream()
			.flatMap((reservation) -> reservation.lines()
				.entrySet()
				.stream()
				.map((line) -> new Line(reservation.orderId(), line.getKey(), line.getValue())))
			.toList();
		if (lines.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO reservation_line (order_id, product_id, quantity)
				SELECT * FROM unnest(?, ?, ?)
				""")
			.params(SqlArrays.column("uuid", lines, Line::orderId), SqlArrays.column("uuid", lines, Line::productId),
					SqlArrays.column("bigint", lines, Line::quantity))
			.update();
	}

	private record Line(UUID orderId, UUID productId, long quantity) {
	}

	private static Reservation reservation(ResultSet row) throws SQLException {
		String code = row.getString("failure_code");
		Failure failure = (code != null) ? new Failure(FailureCode.valueOf(code),
				row.getObject("failure_product_id", UUID.class), row.getString("failure_message")) : null;
		return new Reservation(row.getObject("order_id", UUID.class), Status.valueOf(row.getString("status")), Map.of(),
				failure);
	}

	private static StockLevel level(ResultSet row) throws SQLException {
		return new StockLevel(row.getLong("on_hand"), row.getLong("reserved"), row.getLong("sold"));
	}

	private static <T> SqlArrayValue failures(String type, Collection<Reservation> reservations,
			Function<Failure, T> part) {
		return SqlArrays.column(type, reservations, (reservation) -> {
			Failure failure = reservation.failure();
			return (failure != null) ? part.apply(failure) : null;
		});
	}

}
