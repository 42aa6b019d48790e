package dev.sagamart.orders;

import dev.sagamart.events.Money;
import dev.sagamart.events.ProductEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/** Placing and reading orders. */
class OrderIntegrationTests extends OrderServiceTest {

	@Test
	void pricesAnOrderItself() {
		UUID book = product("A book", 1999, "EUR");
		UUID lamp = product("A lamp", 4550, "EUR");
		Answer placed = place(orderOf(List.of(item(book, 2), item(lamp, 1)))).expect(201);
		String id = placed.text("id");
		assertThat(placed.headers().getLocation()).hasToString("/api/v1/orders/" + id);
		assertThat(placed.text("userId")).isEqualTo(this.buyer.toString());
		assertThat(placed.text("items.0.name")).isEqualTo("A book");
		assertThat(placed.at("items.0.lineTotal.amount").asLong()).isEqualTo(3998);
		assertThat(placed.at("total.amount").asLong()).isEqualTo(8548);
		assertThat(placed.text("total.currency")).isEqualTo("EUR");
		assertThat(placed.text("shippingAddress.city")).isEqualTo("Berlin");
		assertThat(placed.at("failure").isNull()).isTrue();
		assertThat(placed.at("createdAt")).isEqualTo(placed.at("updatedAt"));
		assertThat(get("/api/v1/orders/" + id).expect(200).at("items")).isEqualTo(placed.at("items"));
	}

	@Test
	void keepsThePriceThatWasQuoted() {
		UUID book = product("A book", 1999, "EUR");
		String id = place(orderOf(List.of(item(book, 1)))).expect(201).text("id");
		this.kafka.send(new ProductEvent.ProductChanged(book, "SKU", "A dear book", new Money(2999, "EUR"), 3));
		awaitListed(book, 3);
		this.kafka.send(new ProductEvent.ProductChanged(book, "SKU", "Old news", new Money(1, "EUR"), 2));
		this.kafka.send(new ProductEvent.ProductChanged(book, "SKU", "A dearer book", new Money(3999, "EUR"), 4));
		awaitListed(book, 4);
		assertThat(get("/api/v1/orders/" + id).at("total.amount").asLong()).isEqualTo(1999);
		assertThat(place(orderOf(List.of(item(book, 1)))).expect(201).at("total.amount").asLong()).isEqualTo(3999);
	}

	@Test
	void refusesWhatIsDiscontinued() {
		UUID book = product("A book", 1999, "EUR");
		this.kafka.send(new ProductEvent.ProductDiscontinued(book, 2));
		awaitListed(book, 2);
		place(orderOf(List.of(item(book, 1)))).expect(422, "PRODUCT_UNAVAILABLE");
	}

	@Test
	void asksTheCatalogueOnceForWhatItHasNotHeardOf() {
		UUID lamp = UUID.randomUUID();
		UUID gone = UUID.randomUUID();
		FakeCatalogue.INSTANCE.knows(lamp, "A lamp", 4550, "EUR", true);
		FakeCatalogue.INSTANCE.knows(gone, "A candle", 150, "EUR", false);
		int before = FakeCatalogue.INSTANCE.calls();
		assertThat(place(orderOf(List.of(item(lamp, 1)))).expect(201).text("items.0.name")).isEqualTo("A lamp");
		place(orderOf(List.of(item(lamp, 1)))).expect(201);
		assertThat(FakeCatalogue.INSTANCE.calls()).isEqualTo(before + 1);
		assertThat(FakeCatalogue.INSTANCE.lastScope()).isEqualTo("catalogue.read");
		assertThat(FakeCatalogue.INSTANCE.lastTrace()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
		place(orderOf(List.of(item(gone, 1)))).expect(422, "PRODUCT_UNAVAILABLE");
		place(orderOf(List.of(item(UUID.randomUUID(), 1)))).expect(422, "PRODUCT_UNAVAILABLE");
	}

	@Test
	void acceptsOrdersAtKnownPricesWhileTheCatalogueIsAway() {
		UUID book = product("A book", 1999, "EUR");
		UUID unheardOf = UUID.randomUUID();
		FakeCatalogue.INSTANCE.knows(unheardOf, "A lamp", 4550, "EUR", true);
		String key = UUID.randomUUID().toString();
		FakeCatalogue.INSTANCE.whileAway(() -> {
			place(orderOf(List.of(item(book, 1)))).expect(201);
			place(orderOf(List.of(item(unheardOf, 1))), key).expect(503, "CATALOGUE_UNAVAILABLE");
		});
		FakeCatalogue.INSTANCE
			.whileSilent(() -> place(orderOf(List.of(item(unheardOf, 1))), key).expect(503, "CATALOGUE_UNAVAILABLE"));
		place(orderOf(List.of(item(unheardOf, 1))), key).expect(201);
	}

	@Test
	void asksNoMoreOnceTheBreakerIsOpen() {
		this.breakers.circuitBreaker("catalogue").transitionToForcedOpenState();
		int before = FakeCatalogue.INSTANCE.calls();
		place(orderOf(List.of(item(UUID.randomUUID(), 1)))).expect(503, "CATALOGUE_UNAVAILABLE");
		assertThat(FakeCatalogue.INSTANCE.calls()).isEqualTo(before);
	}

	@Test
	void refusesMixedCurrencies() {
		place(orderOf(List.of(item(product("A book", 1999, "EUR"), 1), item(product("A mug", 900, "USD"), 1))))
			.expect(422, "MIXED_CURRENCIES");
	}

	@Test
	void refusesATotalThatCannotBeCounted() {
		UUID yacht = product("A yacht", Long.MAX_VALUE / 2, "EUR");
		place(orderOf(List.of(item(yacht, 3)))).expect(422, "TOTAL_TOO_LARGE");
		UUID other = product("Another yacht", Long.MAX_VALUE / 2 + 2, "EUR");
		place(orderOf(List.of(item(yacht, 1), item(other, 1)))).expect(422, "TOTAL_TOO_LARGE");
	}

	@Test
	void refusesATotalThatNobodyCanBeCharged() {
		UUID boat = product("A boat", 50_000_000, "EUR");
		place(orderOf(List.of(item(boat, 2)))).expect(422, "TOTAL_TOO_LARGE");
		place(orderOf(List.of(item(boat, 1)))).expect(201);
		place(orderOf(List.of(item(product("A geyser", 500_000, "ISK"), 2)))).expect(422, "TOTAL_TOO_LARGE");
		place(orderOf(List.of(item(product("A lemur", 150, "MGA"), 1)))).expect(422, "AMOUNT_NOT_CHARGEABLE");
		place(orderOf(List.of(item(product("A pearl", 1235, "KWD"), 1)))).expect(422, "AMOUNT_NOT_CHARGEABLE");
		place(orderOf(List.of(item(product("A tie", 1999, "HRK"), 1)))).expect(422, "AMOUNT_NOT_CHARGEABLE");
	}

	@Test
	void needsNoPostalCodeWhereThereIsNone() {
		UUID book = product("A book", 1999, "EUR");
		Map<String, Object> address = new HashMap<>(address(" "));
		address.put("country", "AE");
		address.put("line2", "");
		for (Object none : new Object[] { " ", null, "absent" }) {
			address.put("postalCode", none);
			if ("absent".equals(none)) {
				address.remove("postalCode");
			}
			Map<String, Object> body = new HashMap<>(orderOf(List.of(item(book, 1))));
			body.put("shippingAddress", address);
			Answer placed = place(body).expect(201);
			assertThat(placed.at("shippingAddress.postalCode").isNull()).isTrue();
			assertThat(placed.at("shippingAddress.line2").isNull()).isTrue();
			body.put("shippingAddress", changed("postalCode", none));
			if (!"absent".equals(none)) {
				assertThat(place(body).expect(422).at("errors").toString())
					.isEqualTo("[{\"field\":" + "\"shippingAddress.postalCode\",\"message\":"
							+ "\"must not be blank in a country that has postal codes\"}]");
			}
		}
	}

	@Test
	void countsTheCharactersOfAnAddressAsPeopleDo() {
		UUID book = product("A book", 1999, "EUR");
		Map<String, Object> body = new HashMap<>(orderOf(List.of(item(book, 1))));
		body.put("shippingAddress", changed("recipient", "\uD83D\uDC0E".repeat(100)));
		place(body).expect(201);
		body.put("shippingAddress", changed("recipient", "\uD83D\uDC0E".repeat(101)));
		assertThat(place(body).expect(422).at("errors").toString())
			.isEqualTo("[{\"field\":" + "\"shippingAddress.recipient\",\"message\":"
					+ "\"must have between 1 and 100 characters, in one line\"}]");
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsReadableButInvalid(Map<String, Object> change, String field) {
		UUID book = product("A book", 1999, "EUR");
		Map<String, Object> body = new HashMap<>(orderOf(List.of(item(book, 1))));
		body.putAll(change);
		Answer answer = place(body).expect(422);
		assertThat(answer.at("errors").valueStream().map((error) -> error.get("field").asString()))
			.anyMatch((name) -> name.startsWith(field));
	}

	static Stream<?> refusesWhatIsReadableButInvalid() {
		UUID product = UUID.randomUUID();
		return Stream.of(argumentSet("no items", Map.of("items", List.of()), "items"), argumentSet("51 items",
				Map.of("items", IntStream.range(0, 51).mapToObj((_) -> item(UUID.randomUUID(), 1)).toList()), "items"),
				argumentSet("quantity 0", Map.of("items", List.of(item(product, 0))), "items[0].quantity"),
				argumentSet("quantity 1000", Map.of("items", List.of(item(product, 1000))), "items[0].quantity"),
				argumentSet("no quantity", Map.of("items", List.of(Map.of("productId", product))), "items[0].quantity"),
				argumentSet("a product twice", Map.of("items", List.of(item(product, 1), item(product, 2))),
						"items[1].productId"),
				argumentSet("no payment reference", Map.of("paymentMethod", "4242424242424242"), "paymentMethod"),
				argumentSet("a price of one's own", Map.of("total", 1), "total"),
				argumentSet("unknown country", Map.of("shippingAddress", changed("country", "XX")),
						"shippingAddress.country"),
				argumentSet("lower-case country", Map.of("shippingAddress", changed("country", "de")),
						"shippingAddress.country"),
				argumentSet("Unicode blanks", Map.of("shippingAddress", changed("city", "\u00A0\u3000")),
						"shippingAddress.city"),
				argumentSet("blank recipient", Map.of("shippingAddress", changed("recipient", " ")),
						"shippingAddress.recipient"),
				argumentSet("long city", Map.of("shippingAddress", changed("city", "x".repeat(101))),
						"shippingAddress.city"),
				argumentSet("control character", Map.of("shippingAddress", changed("line1", "a\u0007b")),
						"shippingAddress.line1"));
	}

	private static Map<String, Object> changed(String field, Object value) {
		Map<String, Object> address = new HashMap<>(address("10115"));
		address.put(field, value);
		return address;
	}

	@Test
	void refusesWhatIsNotReadable() {
		place("{").expect(400);
		place("{\"items\": [{\"productId\": \"1-1-1-1-1\", \"quantity\": 1}]}").expect(400);
		get("/api/v1/orders/nonsense").expect(400);
		get("/api/v1/orders?status=LOST").expect(400);
		get("/api/v1/orders?pageToken=bm9uc2Vuc2U").expect(400, "INVALID_PAGE_TOKEN");
	}

	@Test
	void takesAnOrderOncePerIdempotencyKey() {
		UUID book = product("A book", 1999, "EUR");
		String key = UUID.randomUUID().toString();
		Map<String, Object> body = orderOf(List.of(item(book, 1)));
		Answer first = place(body, key).expect(201);
		Answer again = place(body, key).expect(201);
		assertThat(again.json()).isEqualTo(first.json());
		assertThat(again.headers().getLocation()).isEqualTo(first.headers().getLocation());
		assertThat(again.headers().getFirst("Idempotent-Replayed")).isEqualTo("true");
		place(orderOf(List.of(item(book, 2))), key).expect(422, "IDEMPOTENCY_KEY_REUSED");
		call(HttpMethod.POST, "/api/v1/orders", buyerToken(), body, Map.of()).expect(400);
		assertThat(count()).isEqualTo(1);
	}

	@Test
	void takesAnOrderOnceHoweverManyAskAtOnce() throws Exception {
		UUID book = product("A book", 1999, "EUR");
		String key = UUID.randomUUID().toString();
		Map<String, Object> body = orderOf(List.of(item(book, 1)));
		Set<String> ids = new HashSet<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Answer>> tasks = Stream.<Callable<Answer>>generate(() -> () -> place(body, key))
				.limit(8)
				.toList();
			for (Future<Answer> future : executor.invokeAll(tasks)) {
				Answer answer = future.get();
				assertThat(answer.status()).isIn(201, 409);
				if (answer.status() == 201) {
					ids.add(answer.text("id"));
				}
			}
		}
		assertThat(ids).hasSize(1);
		assertThat(count()).isEqualTo(1);
	}

	@Test
	void hidesOrdersFromOthers() {
		UUID order = placed();
		String other = this.tokens.customer(UUID.randomUUID());
		for (String path : List.of("", "/timeline", "/events")) {
			call(HttpMethod.GET, "/api/v1/orders/" + order + path, other, null, Map.of()).expect(404);
			call(HttpMethod.GET, "/api/v1/orders/" + order + path, null, null, Map.of()).expect(401);
		}
		call(HttpMethod.POST, "/api/v1/orders/" + order + "/cancellation", other, null, Map.of()).expect(404);
		post("/api/v1/orders/" + order + "/shipment").expect(403);
		post("/api/v1/orders/" + order + "/delivery").expect(403);
		postAsAdmin("/api/v1/orders/" + UUID.randomUUID() + "/shipment").expect(404);
		assertThat(getAsAdmin("/api/v1/orders/" + order).expect(200).text("userId")).isEqualTo(this.buyer.toString());
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		released(order);
	}

	@Test
	void listsOrdersNewestFirst() {
		UUID book = product("A book", 1999, "EUR");
		List<String> placed = IntStream.range(0, 5)
			.mapToObj((_) -> place(orderOf(List.of(item(book, 1)))).expect(201).text("id"))
			.toList();
		List<String> listed = new ArrayList<>();
		String token = "";
		while (token != null) {
			Answer page = get("/api/v1/orders?status=PENDING&pageSize=2" + token).expect(200);
			page.at("items").valueStream().forEach((item) -> listed.add(item.get("id").asString()));
			token = page.at("nextPageToken").isNull() ? null : "&pageToken=" + page.text("nextPageToken");
		}
		assertThat(listed).isEqualTo(placed.reversed());
		assertThat(get("/api/v1/orders?status=DELIVERED").at("items")).isEmpty();
		Answer all = get("/api/v1/orders").expect(200);
		assertThat(get("/api/v1/orders?status=&userId=&pageSize=&pageToken=").expect(200).at("items"))
			.isEqualTo(all.at("items"));
		String next = get("/api/v1/orders?status=PENDING&pageSize=1").text("nextPageToken");
		get("/api/v1/orders?pageToken=" + next).expect(400, "INVALID_PAGE_TOKEN");
		get("/api/v1/orders?status=&status=PENDING").expect(400, "REPEATED_PARAMETER");
		assertThat(get("/api/v1/orders?userId=" + this.buyer).expect(200).at("items")).hasSize(5);
		get("/api/v1/orders?userId=" + UUID.randomUUID()).expect(403);
		assertThat(getAsAdmin("/api/v1/orders?userId=" + this.buyer).expect(200).at("items")).hasSize(5);
		assertThat(getAsAdmin("/api/v1/orders").expect(200).at("items")).isNotEmpty();
	}

	private int count() {
		return this.jdbc.sql("SELECT count(*) FROM orders WHERE user_id = ?")
			.param(this.buyer)
			.query(Integer.class)
			.single();
	}

}
