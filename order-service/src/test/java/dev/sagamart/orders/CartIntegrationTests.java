package dev.sagamart.orders;

import dev.sagamart.events.Money;
import dev.sagamart.events.ProductEvent;
import dev.sagamart.orders.cart.Carts;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class CartIntegrationTests extends OrderServiceTest {

	@Autowired
	private Carts carts;

	@Autowired
	private TransactionTemplate transaction;

	@Test
	void isPricedNow() {
		assertThat(get("/api/v1/cart").expect(200).at("items")).isEmpty();
		UUID book = product("A book", 1999, "EUR");
		UUID lamp = product("A lamp", 4550, "EUR");
		put(book, 1).expect(200);
		put(lamp, 2).expect(200);
		Answer cart = put(book, 3).expect(200);
		assertThat(cart.text("items.0.name")).isEqualTo("A book");
		assertThat(cart.at("items.0.quantity").asInt()).isEqualTo(3);
		assertThat(cart.at("items.0.lineTotal.amount").asLong()).isEqualTo(5997);
		assertThat(cart.at("total.amount").asLong()).isEqualTo(15097);

		this.kafka.send(new ProductEvent.ProductChanged(book, "SKU", "A book", new Money(1000, "EUR"), 2));
		awaitListed(book, 2);
		assertThat(get("/api/v1/cart").at("total.amount").asLong()).isEqualTo(12100);

		this.kafka.send(new ProductEvent.ProductDiscontinued(book, 3));
		awaitListed(book, 3);
		cart = get("/api/v1/cart");
		assertThat(cart.at("items.0.available").asBoolean()).isFalse();
		assertThat(cart.at("items.0.unitPrice").isNull()).isTrue();
		assertThat(cart.at("total.amount").asLong()).isEqualTo(9100);

		this.kafka.send(new ProductEvent.ProductChanged(book, "SKU", "A book", new Money(1000, "EUR"), 4));
		awaitListed(book, 4);
		cart = get("/api/v1/cart");
		assertThat(cart.at("items.0.available").asBoolean()).isTrue();
		assertThat(cart.at("total.amount").asLong()).isEqualTo(12100);
	}

	@Test
	void isEmptiedItemByItemOrAtOnce() {
		UUID book = product("A book", 1999, "EUR");
		UUID lamp = product("A lamp", 4550, "EUR");
		put(book, 1).expect(200);
		put(lamp, 1).expect(200);
		delete("/api/v1/cart/items/" + book).expect(204);
		delete("/api/v1/cart/items/" + book).expect(204);
		assertThat(get("/api/v1/cart").at("items")).hasSize(1);
		delete("/api/v1/cart").expect(204);
		assertThat(get("/api/v1/cart").at("items")).isEmpty();
	}

	@Test
	void refusesWhatDoesNotBelongIntoACart() {
		UUID book = product("A book", 1999, "EUR");
		put(book, 0).expect(422);
		put(book, 1000).expect(422);
		put(UUID.randomUUID(), 1).expect(422, "PRODUCT_UNAVAILABLE");
		FakeCatalogue.INSTANCE.whileAway(() -> {
			UUID unheardOf = UUID.randomUUID();
			assertThat(put(unheardOf, 1).expect(200).at("items.0.available").asBoolean()).isFalse();
			delete("/api/v1/cart/items/" + unheardOf).expect(204);
		});
		call(HttpMethod.GET, "/api/v1/cart", null, null, Map.of()).expect(401);
	}

	@Test
	void takesNoMoreThanFiftyProductsThatComeAtOnce() throws Exception {
		putFortyNine();
		UUID book = product("A book", 1999, "EUR");
		UUID lamp = product("A lamp", 4550, "EUR");
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Answer> second = this.transaction.execute((status) -> {
				this.carts.put(this.buyer, book, 1);
				Future<Answer> waiting = executor.submit(() -> put(lamp, 1));
				Awaitility.await().until(() -> waiting.isDone() || someoneWaits());
				return waiting;
			});
			second.get().expect(422, "CART_FULL");
		}
		assertThat(get("/api/v1/cart").at("items")).hasSize(50);
	}

	private boolean someoneWaits() {
		return this.jdbc.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
			.query(Integer.class)
			.single() > 0;
	}

	@Test
	void takesFiftyProducts() {
		putFortyNine();
		UUID last = product("A book", 1999, "EUR");
		put(last, 1).expect(200);
		put(product("A lamp", 4550, "EUR"), 1).expect(422, "CART_FULL");
		put(last, 2).expect(200);
	}

	@Test
	void hasNoTotalThatMeansNothing() {
		put(product("A book", 1999, "EUR"), 1);
		assertThat(put(product("A mug", 900, "USD"), 1).at("total").isNull()).isTrue();
		delete("/api/v1/cart");
		put(product("A yacht", Long.MAX_VALUE / 2, "EUR"), 2);
		assertThat(put(product("A boat", 1999, "EUR"), 1).at("total").isNull()).isTrue();
		assertThat(put(product("Another yacht", Long.MAX_VALUE / 2, "EUR"), 3).expect(200).at("items")).hasSize(3);
	}

	private void putFortyNine() {
		this.jdbc.sql(
				"INSERT INTO cart_item (user_id, product_id, quantity) SELECT ?, uuidv7(), 1 FROM generate_series(1, 49)")
			.param(this.buyer)
			.update();
	}

	private Answer put(UUID productId, int quantity) {
		return call(HttpMethod.PUT, "/api/v1/cart/items/" + productId, buyerToken(), Map.of("quantity", quantity),
				Map.of());
	}

	private Answer delete(String uri) {
		return call(HttpMethod.DELETE, uri, buyerToken(), null, Map.of());
	}

}
