package dev.sagamart.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.events.OrderEvent;
import dev.sagamart.events.StockEvent;
import dev.sagamart.orders.order.OrderStatus;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.platform.test.TableReads;
import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An order costs the same, however many there were before. Costs are counted, not timed.
 */
@Tag("slow")
class HistoryIntegrationTests extends OrderServiceTest {

	/** Those that have a row or more for every order. */
	private static final List<String> GROWING = List.of("orders", "saga_step", "shipment", "inbox", "idempotency_key");

	private static final int ORDERS = 10;

	/** What is read besides, by jobs that run every few seconds. */
	private static final long SOME = 20;

	@Autowired
	SagaCoordinator coordinator;

	@Autowired
	MeterRegistry meters;

	@Autowired
	HikariDataSource pool;

	@AfterEach
	void forget() throws SQLException {
		TestServers.postgres().truncate("orders", "encryption_key");
		try (Connection connection = TestServers.postgres().connect("orders");
				Statement statement = connection.createStatement()) {
			for (String table : GROWING) {
				statement.execute("ALTER TABLE " + table + " RESET (autovacuum_enabled)");
			}
		}
	}

	@Test
	void anOrderCostsTheSameAfterTwoHundredThousandOthers() throws SQLException {
		day();
		history(20_000);
		Map<String, TableReads> young = leastOfThreeDays();
		history(200_000);
		Map<String, TableReads> old = new HashMap<>();
		// a day on which the machine is slow has more of the jobs in it that run by the
		// clock
		Awaitility.await().atMost(Duration.ofMinutes(5)).untilAsserted(() -> {
			reads(this::day).forEach((table, reads) -> old.merge(table, reads, TableReads::least));
			assertThatItCostsTheSame(young, old);
		});
		Map<String, TableReads> reads = readsForTheMetrics();
		assertThat(reads.get("orders").sequentially()).isZero();
		assertThat(reads.get("orders").byIndex()).isLessThan(1000);
		assertThat(reads.get("inbox").sequentially()).isZero();
	}

	private static void assertThatItCostsTheSame(Map<String, TableReads> young, Map<String, TableReads> old) {
		for (String table : GROWING) {
			TableReads before = young.get(table);
			TableReads after = old.get(table);
			assertThat(after.sequentially()).as(table + " is not read from end to end").isZero();
			assertThat(after.byIndex()).as("rows of %s: %s, %s", table, before, after)
				.isLessThanOrEqualTo(before.byIndex() + before.byIndex() / 10 + SOME);
			assertThat(after.pages()).as("pages of %s: %s, %s", table, before, after)
				.isLessThanOrEqualTo(before.pages() + before.pages() / 10 + SOME);
			// An index is a level deeper for some hundred times as many rows.
			assertThat(after.indexPages()).as("index pages of %s: %s, %s", table, before, after)
				.isLessThan(before.indexPages() * 3 / 2 + 50);
		}
	}

	/** Every so often, and so not with every order. */
	private Map<String, TableReads> readsForTheMetrics() throws SQLException {
		return reads(() -> {
			this.jdbc.sql("""
					UPDATE orders SET state = 'CAPTURING_PAYMENT', deadline = now() + interval '1 day'
					WHERE id = (SELECT id FROM orders ORDER BY id DESC LIMIT 1)""").update();
			Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(waiting()).isEqualTo(4));
		});
	}

	private double waiting() {
		return this.meters.get("sagamart.saga.waiting").tag("state", "CAPTURING_PAYMENT").gauge().value();
	}

	private Map<String, TableReads> leastOfThreeDays() throws SQLException {
		Map<String, TableReads> least = reads(this::day);
		for (int i = 0; i < 2; i++) {
			reads(this::day).forEach((table, reads) -> least.merge(table, reads, TableReads::least));
		}
		return least;
	}

	/** What buyers, participants, operators and the clock make the service do. */
	private void day() {
		for (int i = 0; i < ORDERS; i++) {
			UUID order = authorised(reserved(placed()));
			this.kafka.send(capture(order));
			this.kafka.await(OrderEvent.OrderConfirmed.class, order);
			UUID last = this.kafka.send(new StockEvent.StockSold(order));
			assertThat(last).isNotNull();
			get("/api/v1/orders/" + order).expect(200);
			get("/api/v1/orders?status=CONFIRMED").expect(200);
			get("/api/v1/orders/" + order + "/timeline").expect(200);
		}
		getAsAdmin("/api/v1/orders").expect(200);
		for (OrderStatus status : OrderStatus.values()) {
			getAsAdmin("/api/v1/orders?status=" + status).expect(200);
		}
		getAsAdmin("/api/v1/operations/sagas").expect(200);
		getAsAdmin("/api/v1/operations/sagas?stuck=true").expect(200);
		assertThat(this.coordinator.sweep()).isFalse();
	}

	private Map<String, TableReads> reads(Runnable work) throws SQLException {
		Map<String, TableReads> before = TestServers.postgres().reads("orders", this.pool);
		work.run();
		Map<String, TableReads> reads = new HashMap<>();
		TestServers.postgres()
			.reads("orders", this.pool)
			.forEach((table, after) -> reads.put(table, after.minus(before.get(table))));
		return reads;
	}

	/**
	 * As if that many orders had been placed, one of ten rejected, and three were on
	 * their way; none was ever cancelled.
	 */
	private static void history(int orders) throws SQLException {
		TestServers.postgres().truncate("orders", "encryption_key");
		try (Connection connection = TestServers.postgres().connectAsSuperuser();
				Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = orders");
			statement.execute("""
					INSERT INTO orders
					SELECT uuidv7(make_interval(secs => n - %1$d)), md5((n %% 5000)::text)::uuid,
					       CASE WHEN n > %1$d - 3 THEN 'CAPTURING_PAYMENT' WHEN n %% 10 = 0 THEN 'REJECTED'
					            WHEN n %% 3 = 0 THEN 'DELIVERED' WHEN n %% 100 = 1 THEN 'SHIPPED' ELSE 'CONFIRMED' END,
					       '[{"productId": "019a9f00-0000-7000-8000-000000000001", "name": "A book", "quantity": 2,
					          "unitPrice": {"amount": 1999, "currency": "EUR"}}]', 3998, 'EUR',
					       '{"recipient": "Ada Lovelace", "line1": "Invalidenstraße 1", "line2": null, "city": "Berlin",
					         "postalCode": "10115", "country": "DE"}', 'pm_card_visa', NULL, NULL, 1,
					       CASE WHEN n > %1$d - 3 THEN now() + interval '1 day' END, 6, 2,
					       now() + make_interval(secs => n - %1$d), now() + make_interval(secs => n - %1$d)
					FROM generate_series(1, %1$d) n""".formatted(orders));
			statement.execute(
					"""
							INSERT INTO saga_step SELECT id, step, created_at, 'order-service', 'STOCK_RESERVED', state, '', NULL
							FROM orders, generate_series(1, 6) step""");
			statement.execute("INSERT INTO shipment SELECT id, 'BOOKED' FROM orders");
			statement.execute("""
					INSERT INTO inbox SELECT 'order-service', uuidv7(created_at - now()), created_at
					FROM orders, generate_series(1, 4)""");
			statement.execute(
					"""
							INSERT INTO idempotency_key SELECT user_id, 'POST /api/v1/orders', id, '', 201, NULL, NULL, '', now()
							FROM orders""");
			for (String table : GROWING) {
				// What autovacuum reads would be counted too.
				statement.execute("ALTER TABLE " + table + " SET (autovacuum_enabled = false)");
				statement.execute("VACUUM ANALYZE " + table);
			}
		}
	}

}
