package dev.sagamart.orders;

import dev.sagamart.events.UserEvent.UserErased;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

class ErasureIntegrationTests extends OrderServiceTest {

	@Test
	void leavesOrdersWithoutAnAddress() {
		UUID order = confirmed();
		postAsAdmin("/api/v1/orders/" + order + "/shipment").expect(200);
		assertThat(getAsAdmin("/api/v1/orders/" + order).text("shippingAddress.recipient")).isEqualTo("Ada Lovelace");
		String before = getAsAdmin("/api/v1/orders/" + order).text("updatedAt");
		erase();
		awaitNothingLeft();
		Answer after = getAsAdmin("/api/v1/orders/" + order).expect(200);
		assertThat(after.text("userId")).isEqualTo(this.buyer.toString());
		assertThat(after.at("total.amount").asLong()).isEqualTo(3998);
		assertThat(after.at("items")).hasSize(1);
		assertThat(after.text("shippingAddress.recipient")).isEmpty();
		assertThat(after.text("shippingAddress.country")).isEqualTo("DE");
		assertThat(after.text("updatedAt")).isEqualTo(before);
	}

	@Test
	void leavesTheAddressUntilTheParcelHasLeft() {
		UUID order = authorised(reserved(placed()));
		put(product("A lamp", 4550, "EUR"));
		erase();
		Awaitility.await().until(() -> get("/api/v1/cart").at("items").isEmpty());
		captured(order);
		assertThat(getAsAdmin("/api/v1/orders/" + order).text("shippingAddress.recipient")).isEqualTo("Ada Lovelace");
		postAsAdmin("/api/v1/orders/" + order + "/shipment").expect(200);
		awaitNothingLeft();
		postAsAdmin("/api/v1/orders/" + order + "/delivery").expect(200);
		awaitStatus(order, "DELIVERED");
	}

	@Test
	void refusesOrdersOfWhoIsNoMore() {
		UUID product = product("A book", 1999, "EUR");
		String key = UUID.randomUUID().toString();
		place(orderOf(List.of(item(product, 1))), key).expect(201);
		erase();
		Awaitility.await().until(() -> rowsOf("idempotency_key", "caller", this.buyer.toString()) == 0);
		place(orderOf(List.of(item(product, 1))), key).expect(401, "INVALID_TOKEN");
		assertThat(rowsOf("orders", "user_id", this.buyer)).isEqualTo(1);
		assertThat(rowsOf("idempotency_key", "caller", this.buyer.toString())).isZero();
	}

	@Test
	void forgetsWhatComesInLate() {
		erase();
		Awaitility.await().until(() -> rowsOf("erased_user", "user_id", this.buyer) == 1);
		put(product("A lamp", 4550, "EUR"));
		Awaitility.await().until(() -> get("/api/v1/cart").at("items").isEmpty());
	}

	@Test
	void isOverWhenNothingCanComeAnyMore() {
		UUID order = placed();
		erase();
		Awaitility.await().until(() -> rowsOf("erased_user", "user_id", this.buyer) == 1);
		this.jdbc.sql("UPDATE erased_user SET erased_at = now() - interval '25 hours' WHERE user_id = ?")
			.param(this.buyer)
			.update();
		UUID other = UUID.randomUUID();
		this.jdbc.sql("INSERT INTO erased_user VALUES (?, now() - interval '25 hours', now())").param(other).update();
		Awaitility.await().until(() -> isOver(other));
		assertThat(isOver(this.buyer)).isFalse();
		letDeadlinePass(order);
		released(order);
		awaitNothingLeft();
		Awaitility.await().until(() -> isOver(this.buyer));
		// Told once more, by whoever reads the topic again.
		UserErased again = new UserErased(this.buyer);
		awaitHandled(this.buyer, again);
		assertThat(isOver(this.buyer)).isTrue();
	}

	private void erase() {
		this.kafka.send(new UserErased(this.buyer));
	}

	private boolean isOver(UUID userId) {
		return this.jdbc.sql("SELECT due_at IS NULL FROM erased_user WHERE user_id = ?")
			.param(userId)
			.query(Boolean.class)
			.single();
	}

	private void put(UUID productId) {
		call(HttpMethod.PUT, "/api/v1/cart/items/" + productId, buyerToken(), Map.of("quantity", 1), Map.of())
			.expect(200);
	}

	private int rowsOf(String table, String column, Object value) {
		return this.jdbc.sql("SELECT count(*) FROM " + table + " WHERE " + column + " = ?")
			.param(value)
			.query(Integer.class)
			.single();
	}

	private void awaitNothingLeft() {
		Awaitility.await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
			assertThat(dump()).isNotEmpty()
				.noneMatch((row) -> row.contains("Lovelace") || row.contains("Invalidenstra"));
			assertThat(rowsOf("orders", "encrypted_address IS NOT NULL AND user_id", this.buyer)).isZero();
			assertThat(rowsOf("idempotency_key", "caller", this.buyer.toString())).isZero();
		});
	}

	/** Every row about the buyer or their orders, as text. */
	private List<String> dump() {
		List<String> rows = new ArrayList<>();
		for (String table : this.jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'orders'")
			.query(String.class)
			.list()) {
			rows.addAll(this.jdbc.sql("SELECT t::text FROM " + table + " t WHERE t::text LIKE ?")
				.param("%" + this.buyer + "%")
				.query(String.class)
				.list());
		}
		return rows;
	}

}
