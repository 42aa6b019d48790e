package dev.sagamart.orders;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.StockEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What one buyer may have under way. */
class BuyerLimitsIntegrationTests extends OrderServiceTest {

	@Autowired
	JdbcClient jdbc;

	@Autowired
	MeterRegistry meters;

	@AfterEach
	void removeOrders() {
		this.jdbc.sql("DELETE FROM orders WHERE user_id = ? AND units = 0").param(this.buyer).update();
	}

	@Test
	void holdsStockOnlyAsFarAsOneBuyerMay() {
		UUID book = product("A book", 10, "EUR");
		double before = refused("open");
		String first = place(orderOf(List.of(item(book, 999)))).expect(201).text("id");
		place(orderOf(List.of(item(book, 999)))).expect(201);
		place(orderOf(List.of(item(book, 999)))).expect(201);
		String key = UUID.randomUUID().toString();
		Answer tooMuch = place(orderOf(List.of(item(book, 1))), key).expect(429, "TOO_MANY_OPEN_ORDERS");
		assertThat(tooMuch.headers().getFirst("Retry-After")).isEqualTo("1");
		assertThat(refused("open")).isEqualTo(before + 1);
		assertThat(this.jdbc.sql("SELECT count(*) FROM orders WHERE user_id = ?")
			.param(this.buyer)
			.query(Long.class)
			.single()).isEqualTo(3);
		this.kafka
			.send(new StockEvent.StockRejected(UUID.fromString(first), FailureCode.OUT_OF_STOCK, book, "sold out"));
		Awaitility.await().until(() -> get("/api/v1/orders/" + first).text("status"), "REJECTED"::equals);
		place(orderOf(List.of(item(book, 1))), key).expect(201);
	}

	@Test
	void acceptsAFirstOrderOfAnySize() {
		UUID book = product("A book", 10, "EUR");
		UUID lamp = product("A lamp", 10, "EUR");
		UUID candle = product("A candle", 10, "EUR");
		place(orderOf(List.of(item(book, 999), item(lamp, 999), item(candle, 999)))).expect(201);
	}

	@Test
	void keepsSoManyOrdersOpen() {
		UUID book = product("A book", 10, "EUR");
		orders(999, "RESERVING_STOCK", true, "'pm_card_visa'", null, 0);
		place(orderOf(List.of(item(book, 1)))).expect(201);
		place(orderOf(List.of(item(book, 1)))).expect(429, "TOO_MANY_OPEN_ORDERS");
	}

	@Test
	void stopsWhoTriesManyCards() {
		UUID book = product("A book", 10, "EUR");
		orders(9, "REJECTED", false, "'pm_' || n", "PAYMENT_DECLINED", 0);
		orders(30, "REJECTED", false, "'pm_older_' || n", "PAYMENT_DECLINED", 16);
		orders(30, "REJECTED", false, "'pm_other_' || n", "OUT_OF_STOCK", 0);
		place(orderOf(List.of(item(book, 1)))).expect(201);
		orders(1, "REJECTED", false, "'pm_tenth'", "PAYMENT_DECLINED", 0);
		Answer refused = place(orderOf(List.of(item(book, 1)))).expect(429, "TOO_MANY_DECLINES");
		assertThat(refused.headers().getFirst("Retry-After")).isEqualTo("60");
	}

	@Test
	void stopsWhoTriesOneCardAllTheTime() {
		UUID book = product("A book", 10, "EUR");
		orders(999, "REJECTED", false, "'pm_card_visa'", "PAYMENT_DECLINED", 14);
		place(orderOf(List.of(item(book, 1)))).expect(201);
		orders(1, "REJECTED", false, "'pm_card_visa'", "PAYMENT_DECLINED", 0);
		place(orderOf(List.of(item(book, 1)))).expect(429, "TOO_MANY_DECLINES");
	}

	/** Orders of the buyer that were changed so many minutes ago. */
	private void orders(int count, String state, boolean waiting, String method, String failure, int minutes) {
		this.jdbc
			.sql("INSERT INTO orders (id, user_id, state, lines, total_amount, currency, shipping_address,"
					+ " payment_method, failure_code, attempts, deadline, steps, events, updated_at)"
					+ " SELECT gen_random_uuid(), :buyer, :state, '[]', 1, 'EUR', '{}', " + method
					+ ", :failure, 1, CASE WHEN :waiting THEN now() + interval '1 hour' END, 1, 1,"
					+ " now() - make_interval(mins => :minutes) FROM generate_series(1, :count) n")
			.param("buyer", this.buyer)
			.param("state", state)
			.param("failure", failure)
			.param("waiting", waiting)
			.param("minutes", minutes)
			.param("count", count)
			.update();
	}

	private double refused(String limit) {
		return this.meters.find("sagamart.orders.refused")
			.tag("limit", limit)
			.counters()
			.stream()
			.mapToDouble((counter) -> counter.count())
			.sum();
	}

}
