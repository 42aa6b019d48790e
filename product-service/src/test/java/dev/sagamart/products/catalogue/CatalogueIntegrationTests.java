package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.events.ProductEvent.ProductChanged;
import dev.sagamart.events.ProductEvent.ProductDiscontinued;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.products.ProductApi;
import dev.sagamart.products.ProductApi.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@PlatformTest
class CatalogueIntegrationTests {

	private static final String PRODUCTS = "/api/v1/products";

	private static final Path FLAGS = Path.of("target", "flags-" + ProcessHandle.current().pid() + ".json");

	@Autowired
	KafkaMessages messages;

	private ProductApi api;

	@DynamicPropertySource
	static void flags(DynamicPropertyRegistry registry) {
		registry.add("sagamart.flags.file", FLAGS::toString);
	}

	@BeforeEach
	void open(@Autowired RestTestClient client, @Autowired TestTokens tokens) {
		this.api = new ProductApi(client, tokens);
	}

	@Test
	void createsAProductAndPublishesIt() {
		Map<String, Object> body = ProductApi.body("Café crème cup", "cups-" + word(), 1250, 40);
		Answer created = this.api.post(PRODUCTS, body).expect(201);
		assertThat(created.headers().get("location")).isEqualTo(PRODUCTS + "/" + created.id());
		assertThat(created.id().version()).isEqualTo(7);
		Answer read = this.api.get(created.headers().get("location")).expect(200);
		assertThat(read.json()).isEqualTo(created.json());
		assertThat(read.headers().get("etag")).isEqualTo(created.headers().get("etag"));
		JsonNode product = read.json();
		assertThat(product.propertyNames()).containsExactlyInAnyOrder("id", "sku", "name", "description", "category",
				"price", "imageUrl", "availability", "version");
		assertThat(product.path("name").asString()).isEqualTo("Café crème cup");
		assertThat(product.path("price").toString()).isEqualTo("{\"amount\":1250,\"currency\":\"EUR\"}");
		assertThat(product.path("availability").asString()).isEqualTo("IN_STOCK");
		assertThat(this.api.stock(created.id())).containsExactly(40L, 0L, 40L, 0L);
		assertThat(this.messages.await(ProductChanged.class, created.id())).isEqualTo(new ProductChanged(created.id(),
				(String) body.get("sku"), "Café crème cup", new Money(1250, "EUR"), product.path("version").asLong()));
	}

	@Test
	void anSkuBelongsToOneActiveProduct() {
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		UUID first = this.api.post(PRODUCTS, body).expect(201).id();
		this.api.post(PRODUCTS, body).expect(409, "SKU_TAKEN");
		UUID other = this.api.product(100, 1);
		Map<String, Object> renamed = this.api.bodyOf(other);
		renamed.put("sku", body.get("sku"));
		this.api.put(other, renamed).expect(409, "SKU_TAKEN");
		this.api.delete(first).expect(204);
		UUID second = this.api.post(PRODUCTS, body).expect(201).id();
		restored(first, this.api.admin()).expect(409, "SKU_TAKEN");
		this.api.post(PRODUCTS, body).expect(409, "SKU_TAKEN");
		this.api.delete(second).expect(204);
		restored(first, this.api.admin()).expect(200);
		restored(second, this.api.admin()).expect(409, "SKU_TAKEN");
	}

	@Test
	void restoresADiscontinuedProduct() {
		UUID id = this.api.product("Back again", "back-" + word(), 1000, 6);
		Answer before = this.api.get(PRODUCTS + "/" + id).expect(200);
		this.api.adjust(id, 2).expect(201);
		this.api.delete(id).expect(204);
		restored(id, null).expect(401);
		restored(id, this.api.customer()).expect(403);
		restored(id, this.api.admin(), "If-Match", before.headers().get("etag")).expect(412, "STALE_VERSION");
		Answer restored = restored(id, this.api.admin()).expect(200);
		Answer after = this.api.get(PRODUCTS + "/" + id).expect(200);
		assertThat(after.json()).isEqualTo(restored.json());
		assertThat(after.headers().get("etag")).isEqualTo(restored.headers().get("etag"));
		for (String field : List.of("id", "sku", "name", "description", "category", "price", "imageUrl")) {
			assertThat(after.json().path(field)).isEqualTo(before.json().path(field));
		}
		String category = after.json().path("category").asString();
		assertThat(this.api.get(PRODUCTS + "?category=" + category).json().path("items")).hasSize(1);
		assertThat(this.api.stock(id)).containsExactly(8L, 0L, 8L, 0L);
		assertThat(this.messages.await(ProductDiscontinued.class, id).version()).isEqualTo(1);
		assertThat(this.messages.await(ProductChanged.class, id, 2)).extracting(ProductChanged::version)
			.containsExactly(0L, 2L);
		assertThat(restored(id, this.api.admin(), "If-Match", after.headers().get("etag")).expect(200).json())
			.isEqualTo(after.json());
		assertThat(this.api.put(id, this.api.bodyOf(id)).expect(200).json().path("version").asLong()).isEqualTo(2);
		restored(UUID.randomUUID(), this.api.admin()).expect(404, "NOT_FOUND");
	}

	@Test
	void onlyOneOfSeveralRestorationsOfAnSkuSucceeds() throws Exception {
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		List<UUID> ids = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			ids.add(this.api.post(PRODUCTS, body).expect(201).id());
			this.api.delete(ids.getLast()).expect(204);
		}
		Iterator<UUID> next = ids.iterator();
		List<Integer> statuses = concurrently(4, () -> {
			UUID id;
			synchronized (next) {
				id = next.next();
			}
			return restored(id, this.api.admin()).status();
		});
		assertThat(statuses).containsExactlyInAnyOrder(200, 409, 409, 409);
	}

	private Answer restored(UUID id, String token, String... headers) {
		return this.api.call(HttpMethod.POST, PRODUCTS + "/" + id + "/restoration", token, null, headers);
	}

	@Test
	void onlyOneOfSeveralCreationsWithTheSameSkuSucceeds() throws Exception {
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		List<Integer> statuses = concurrently(8, () -> this.api.post(PRODUCTS, body).status());
		assertThat(statuses).containsOnly(201, 409);
		assertThat(statuses.stream().filter((status) -> status == 201)).hasSize(1);
	}

	@Test
	void aChangeIsVisibleImmediatelyAndPublished() {
		UUID id = this.api.product(1000, 10);
		String before = this.api.get(PRODUCTS + "/" + id).headers().get("etag");
		Map<String, Object> body = this.api.bodyOf(id);
		body.put("price", Map.of("amount", 1100, "currency", "EUR"));
		Answer changed = this.api.put(id, body).expect(200);
		assertThat(changed.json().path("price").path("amount").asLong()).isEqualTo(1100);
		Answer read = this.api.get(PRODUCTS + "/" + id).expect(200);
		assertThat(read.json()).isEqualTo(changed.json());
		assertThat(read.headers().get("etag")).isEqualTo(changed.headers().get("etag")).isNotEqualTo(before);
		assertThat(this.messages.await(ProductChanged.class, id, 2)).extracting(ProductChanged::price)
			.containsExactly(new Money(1000, "EUR"), new Money(1100, "EUR"));
		assertThat(this.messages.received(ProductChanged.class, id)).extracting(ProductChanged::version)
			.isSorted()
			.doesNotHaveDuplicates();
	}

	@Test
	void anUnchangedProductKeepsItsVersion() {
		UUID id = this.api.product(1000, 10);
		Map<String, Object> body = this.api.bodyOf(id);
		long version = this.api.get(PRODUCTS + "/" + id).json().path("version").asLong();
		body.put("initialStock", 10);
		assertThat(this.api.put(id, body).expect(200).json().path("version").asLong()).isEqualTo(version);
		body.put("initialStock", 11);
		this.api.put(id, body).expect(422, "VALIDATION_FAILED");
	}

	@Test
	void ifMatchPreventsLostUpdates() {
		UUID id = this.api.product(1000, 6);
		String seen = this.api.get(PRODUCTS + "/" + id).headers().get("etag");
		Map<String, Object> body = this.api.bodyOf(id);
		this.api.adjust(id, -3).expect(201);
		body.put("name", "Mine");
		this.api.put(id, body, "If-Match", seen).expect(200);
		body.put("name", "Theirs");
		this.api.put(id, body, "If-Match", seen).expect(412, "STALE_VERSION");
		this.api.delete(id, "If-Match", seen).expect(412, "STALE_VERSION");
		this.api.put(id, body, "If-None-Match", "*").expect(412, "STALE_VERSION");
		this.api.delete(id, "If-None-Match", "*").expect(412, "STALE_VERSION");
		this.api.put(id, body, "If-Match", "*").expect(200);
		this.api.put(id, body).expect(200);
	}

	@Test
	void onlyOneOfSeveralUpdatesWithTheSameTagSucceeds() throws Exception {
		UUID id = this.api.product(1000, 6);
		String seen = this.api.get(PRODUCTS + "/" + id).headers().get("etag");
		List<Integer> statuses = concurrently(8, () -> {
			Map<String, Object> body = this.api.bodyOf(id);
			body.put("name", word());
			return this.api.put(id, body, "If-Match", seen).status();
		});
		assertThat(statuses).containsOnly(200, 412);
		assertThat(statuses.stream().filter((status) -> status == 200)).hasSize(1);
	}

	@Test
	void ifNoneMatchOmitsTheBody() {
		UUID id = this.api.product(1000, 6);
		String tag = this.api.get(PRODUCTS + "/" + id).headers().get("etag");
		Answer same = this.api.get(PRODUCTS + "/" + id, "If-None-Match", tag).expect(304);
		assertThat(same.body()).isEmpty();
		assertThat(same.headers().get("etag")).isEqualTo(tag);
		this.api.adjust(id, -6).expect(201);
		Answer other = this.api.get(PRODUCTS + "/" + id, "If-None-Match", tag).expect(200);
		assertThat(other.json().path("availability").asString()).isEqualTo("SOLD_OUT");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/products?category=%s", "/api/v1/products/%s", "/api/v1/products/%s/image",
			"/api/v1/products/%s/recommendations", "/api/v1/categories?pageSize=1" })
	void publicResponsesMayBeCached(String place) {
		String category = "stored-" + word();
		UUID id = this.api.product("Stored", category, 1000, 6);
		String uri = place.formatted(place.contains("=%s") ? category : id);
		Answer fresh = this.api.get(uri).expect(200);
		String tag = fresh.headers().get("etag");
		String caching = fresh.headers().get("cache-control");
		assertThat(tag).matches("\"[^\"]+\"");
		assertThat(caching).isIn("no-cache", "max-age=300, public");
		assertThat(fresh.headers()).doesNotContainKeys("pragma", "expires");
		for (String known : List.of(tag, "W/" + tag, "\"a,b\", W/\"x\", " + tag, "*", " * ")) {
			for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
				Answer same = this.api.call(method, uri, null, null, "If-None-Match", known).expect(304);
				assertThat(same.body()).isEmpty();
				assertThat(same.headers()).containsEntry("etag", tag).containsEntry("cache-control", caching);
			}
		}
		Answer head = this.api.call(HttpMethod.HEAD, uri, null, null, "If-None-Match", "\"other\"").expect(200);
		assertThat(head.body()).isEmpty();
		assertThat(head.headers()).containsEntry("etag", tag).containsEntry("cache-control", caching);
		this.api.get(uri, "If-None-Match", "\"other\"").expect(200);
	}

	@Test
	void theTagOfAListChangesWithItsContent() {
		String category = "tagged-" + word();
		UUID id = this.api.product("Tagged", category, 1000, 6);
		String uri = PRODUCTS + "?category=" + category;
		String tag = this.api.get(uri).headers().get("etag");
		this.api.adjust(id, -6).expect(201);
		String soldOut = this.api.get(uri, "If-None-Match", tag).expect(200).headers().get("etag");
		this.api.product("Another", category, 1000, 6);
		this.api.get(uri, "If-None-Match", tag + ", " + soldOut).expect(200);
	}

	@Test
	void otherResponsesMustNotBeCached() {
		UUID id = this.api.product(1000, 6);
		for (Answer answer : List.of(this.api.get(PRODUCTS + "/" + UUID.randomUUID()),
				this.api.get(PRODUCTS + "?sort=x"), this.api.get(PRODUCTS + "/" + UUID.randomUUID() + "/image"),
				this.api.getAsAdmin(PRODUCTS + "/" + id + "/stock"), this.api.get(PRODUCTS + "/" + id + "/stock"),
				this.api.put(id, this.api.bodyOf(id)), this.api.post(PRODUCTS, Map.of()))) {
			assertThat(answer.headers()).containsEntry("cache-control", "private, no-store")
				.doesNotContainKeys("pragma", "expires");
		}
	}

	@Test
	void ifMatchMayContainSeveralTags() {
		UUID id = this.api.product(1000, 6);
		Map<String, Object> body = this.api.bodyOf(id);
		String tag = this.api.get(PRODUCTS + "/" + id).headers().get("etag");
		this.api.put(id, body, "If-Match", "W/" + tag).expect(412, "STALE_VERSION");
		this.api.put(id, body, "If-Match", "\"x\", W/\"9.low\", " + tag).expect(200);
		this.api.put(id, body, "If-Match", " * ").expect(200);
		this.api.put(UUID.randomUUID(), body, "If-Match", "*").expect(404, "NOT_FOUND");
	}

	@Test
	void customersDoNotSeeADiscontinuedProduct() {
		UUID id = this.api.product("Farewell", "gone-" + word(), 1000, 6);
		String category = this.api.get(PRODUCTS + "/" + id).json().path("category").asString();
		this.api.delete(id).expect(204);
		this.api.get(PRODUCTS + "/" + id).expect(404, "NOT_FOUND");
		assertThat(this.api.get(PRODUCTS + "?category=" + category).json().path("items")).isEmpty();
		this.api.put(id, ProductApi.body("x", "x", 1, 6)).expect(404, "NOT_FOUND");
		this.api.delete(id).expect(404, "NOT_FOUND");
		this.api.get(PRODUCTS + "/" + id + "/image").expect(200);
		assertThat(this.api.stock(id)).containsExactly(6L, 0L, 6L, 0L);
		assertThat(this.messages.await(ProductDiscontinued.class, id).version())
			.isGreaterThan(this.messages.received(ProductChanged.class, id).getFirst().version());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "sku|''", "sku|'no spaces'", "name|'   '", "category|Big", "category|''",
			"name|'two\nlines'", "name|'\u200b\u00a0'" })
	void refusesInvalidText(String field, String value) {
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		body.put(field, value);
		Answer refused = this.api.post(PRODUCTS, body).expect(422, "VALIDATION_FAILED");
		assertThat(refused.json().path("errors").get(0).path("field").asString()).isEqualTo(field);
	}

	/** Counts code points, as the OpenAPI document says: an emoji is one character. */
	@Test
	void limitsLengthsInCodePoints() {
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		for (Map.Entry<String, Integer> field : Map.of("name", 150, "description", 4000).entrySet()) {
			body.put(field.getKey(), "\uD83D\uDE00".repeat(field.getValue() + 1));
			this.api.post(PRODUCTS, body).expect(422, "VALIDATION_FAILED");
			body.put(field.getKey(), "\uD83D\uDE00".repeat(field.getValue()));
		}
		this.api.post(PRODUCTS, body).expect(201);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"amount\":0,\"currency\":\"EUR\"}", "{\"amount\":-1,\"currency\":\"EUR\"}",
			"{\"amount\":1,\"currency\":\"eur\"}", "{\"amount\":1,\"currency\":\"ZZZ\"}",
			"{\"amount\":1,\"currency\":\"XAU\"}", "{\"amount\":100000000001,\"currency\":\"EUR\"}", "{\"amount\":1}",
			"{\"amount\":1,\"currency\":\"EUR\",\"net\":true}" })
	void refusesInvalidPrices(String price) {
		String body = """
				{"sku": "S", "name": "n", "description": "", "category": "c", "initialStock": 1, "price": %s}"""
			.formatted(price);
		this.api.post(PRODUCTS, body).expect(422, "VALIDATION_FAILED");
	}

	@ParameterizedTest
	@CsvSource({ "1999, DEM, currency", "1999, HRK, currency", "1999, BGN, currency", "1999, CLF, currency",
			"1999, IRR, currency", "150, MGA, amount", "1234, KWD, amount", "100000000, EUR, amount",
			"1000000, ISK, amount", "999999999999, USD, amount" })
	void refusesPricesThatCannotBeCharged(long amount, String currency, String field) {
		UUID id = this.api.product(1000, 10);
		Map<String, Object> changed = this.api.bodyOf(id);
		changed.put("price", Map.of("amount", amount, "currency", currency));
		Map<String, Object> added = ProductApi.body("Cup", "cups", 100, 1);
		added.put("price", changed.get("price"));
		for (Answer refused : List.of(this.api.put(id, changed), this.api.post(PRODUCTS, added))) {
			refused.expect(422, "VALIDATION_FAILED");
			assertThat(refused.json().path("errors").get(0).path("field").asString()).isEqualTo("price." + field);
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, ISK", "999999, UGX", "100, MGA", "1230, KWD", "9999999999, JPY", "99999999, EUR", "1, XCG" })
	void acceptsPricesInMinorUnitsOfChargeableCurrencies(long amount, String currency) {
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		body.put("price", Map.of("amount", amount, "currency", currency));
		assertThat(this.api.post(PRODUCTS, body).expect(201).json().path("price").path("amount").asLong())
			.isEqualTo(amount);
	}

	@Test
	void refusesMissingAndUnknownFieldsAndWrongTypes() {
		for (String field : List.of("sku", "name", "description", "category", "price", "initialStock")) {
			Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
			body.remove(field);
			this.api.post(PRODUCTS, body).expect(422, "VALIDATION_FAILED");
		}
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		body.put("version", 7);
		this.api.post(PRODUCTS, body).expect(422);
		this.api.post(PRODUCTS, "{\"sku\": ").expect(400);
		Map<String, Object> wrong = ProductApi.body("Cup", "cups", 100, 1);
		wrong.put("initialStock", 1.5);
		this.api.post(PRODUCTS, wrong).expect(400);
		wrong.put("initialStock", -1);
		this.api.post(PRODUCTS, wrong).expect(422);
		this.api.get(PRODUCTS + "/not-an-id").expect(400, "MALFORMED_ID");
		this.api.get(PRODUCTS + "/" + UUID.randomUUID()).expect(404, "NOT_FOUND");
		this.api.get(PRODUCTS + "/" + UUID.randomUUID() + "/image").expect(404, "NOT_FOUND");
	}

	@Test
	void onlyAdministratorsWrite() {
		UUID id = this.api.product(1000, 6);
		Map<String, Object> body = ProductApi.body("Cup", "cups", 100, 1);
		String one = PRODUCTS + "/" + id;
		Map<String, Object> adjustment = Map.of("delta", 1, "reason", "found");
		record Call(HttpMethod method, String uri, Object body) {
		}
		for (Call call : List.of(new Call(HttpMethod.POST, PRODUCTS, body), new Call(HttpMethod.PUT, one, body),
				new Call(HttpMethod.DELETE, one, null), new Call(HttpMethod.GET, one + "/stock", null),
				new Call(HttpMethod.POST, one + "/stock-adjustments", adjustment))) {
			this.api.call(call.method(), call.uri(), null, call.body()).expect(401);
			this.api.call(call.method(), call.uri(), this.api.customer(), call.body()).expect(403);
		}
		this.api.call(HttpMethod.HEAD, one, null, null).expect(200);
		this.api.call(HttpMethod.PATCH, one, this.api.admin(), body).expect(405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "name", "price", "-price", "newest" })
	void pagesAreCompleteDespiteEqualKeysAndInserts(String sort) {
		String category = "paged-" + word();
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 23; i++) {
			expected.add(this.api.product("Same " + (i % 3), category, 100 + i % 4, 1).toString());
		}
		List<JsonNode> items = new ArrayList<>();
		String token = "";
		do {
			JsonNode page = this.api.get(PRODUCTS + "?pageSize=4&category=" + category + "&sort=" + sort + token)
				.expect(200)
				.json();
			page.path("items").forEach(items::add);
			token = page.path("nextPageToken").isNull() ? null : "&pageToken=" + page.path("nextPageToken").asString();
			this.api.product("Same " + (items.size() % 3), category, 100 + items.size() % 4, 1);
		}
		while (token != null && items.size() < 100);
		List<String> ids = items.stream().map((item) -> item.path("id").asString()).toList();
		assertThat(ids).doesNotHaveDuplicates().containsAll(expected);
		switch (sort) {
			case "name" -> assertThat(items).extracting((item) -> item.path("name").asString()).isSorted();
			case "price" ->
				assertThat(items).extracting((item) -> item.path("price").path("amount").asLong()).isSorted();
			case "-price" ->
				assertThat(items).extracting((item) -> -item.path("price").path("amount").asLong()).isSorted();
			default -> assertThat(ids).isSortedAccordingTo((one, two) -> two.compareTo(one));
		}
	}

	@Test
	void aSearchHasPages() {
		String word = word();
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			expected.add(this.api.product(word + ((i % 2 == 0) ? "" : " " + word), "found", 100 + i, 1).toString());
		}
		for (String sort : List.of("", "&sort=price", "&sort=-price", "&sort=name", "&sort=newest")) {
			List<String> ids = new ArrayList<>();
			String token = "";
			while (token != null) {
				JsonNode page = this.api.get(PRODUCTS + "?pageSize=2&q=" + word + sort + token).expect(200).json();
				page.path("items").forEach((item) -> ids.add(item.path("id").asString()));
				token = page.path("nextPageToken").isNull() ? null
						: "&pageToken=" + page.path("nextPageToken").asString();
			}
			assertThat(ids).as(sort).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void findsWordsByTheirStemsAndBeginnings() {
		String word = word();
		UUID id = this.api.product("Watering can " + word, "garden", 100, 1);
		Map<String, Object> body = this.api.bodyOf(id);
		for (String query : List.of(word, word.substring(0, 8), word + " watering", word + " waters", word + " wat",
				"\"can " + word + "\"", (String) body.get("sku"), word.toUpperCase(), word + " garden", word + " -can",
				"the " + word + " of watering", "watering-can/" + word)) {
			assertThat(search(query)).as(query).containsExactly(id.toString());
		}
		body.put("description", "Sprinkles evenly");
		this.api.put(id, body).expect(200);
		for (String query : List.of(word + " kettle", word + " -kettle", word + " or kettle", "!!!", ".", "-")) {
			assertThat(search(query)).as(query).doesNotContain(id.toString());
		}
		for (String odd : List.of("'", "\\", "& | !", ":*", "a:b", "(", "\"", "%", "<->", "the", "or", "-")) {
			search(odd);
		}
	}

	@Test
	void sortsByRelevance() {
		String word = word();
		UUID described = this.api.product("Plain", "found", 100, 1);
		Map<String, Object> body = this.api.bodyOf(described);
		body.put("description", "Somewhere in here is " + word);
		this.api.put(described, body).expect(200);
		UUID named = this.api.product(word, "found", 100, 1);
		assertThat(search(word)).containsExactly(named.toString(), described.toString());
	}

	@Test
	void refusesInvalidQueries() {
		this.api.get(PRODUCTS + "?sort=colour").expect(400, "INVALID_SORT");
		this.api.get(PRODUCTS + "?category=Not%20A%20Slug").expect(400, "INVALID_CATEGORY");
		this.api.get(PRODUCTS + "?q=" + "x".repeat(201)).expect(400, "INVALID_QUERY");
		this.api.get(PRODUCTS + "?q=a%00b").expect(400);
		this.api.get(PRODUCTS + "?pageSize=0").expect(400);
		this.api.get(PRODUCTS + "?pageSize=101").expect(400);
		this.api.get(PRODUCTS + "?pageToken=nonsense").expect(400, "INVALID_PAGE_TOKEN");
		this.api.get("/api/v1/categories?pageToken=nonsense!").expect(400, "INVALID_PAGE_TOKEN");
		this.api.get("/api/v1/categories?pageToken=QQ").expect(400, "INVALID_PAGE_TOKEN");
		String category = "tokens-" + word();
		this.api.product("One", category, 1, 1);
		this.api.product("Two", category, 2, 1);
		String token = this.api.get(PRODUCTS + "?pageSize=1&category=" + category)
			.json()
			.path("nextPageToken")
			.asString();
		this.api.get(PRODUCTS + "?sort=price&pageToken=" + token).expect(400, "INVALID_PAGE_TOKEN");
	}

	@Test
	void aCategoryExistsAsSoonAsAProductUsesIt() {
		String one = "new-" + word();
		String two = one + "-2";
		this.api.product("One", one, 1, 1);
		this.api.product("Two", two, 1, 1);
		this.api.product("Three", two, 1, 1);
		Map<String, Long> categories = new HashMap<>();
		String token = "";
		while (token != null) {
			JsonNode page = this.api.get("/api/v1/categories?pageSize=2" + token).expect(200).json();
			page.path("items")
				.forEach((item) -> categories.put(item.path("slug").asString(), item.path("products").asLong()));
			token = page.path("nextPageToken").isNull() ? null : "&pageToken=" + page.path("nextPageToken").asString();
		}
		assertThat(categories).containsEntry(one, 1L).containsEntry(two, 2L);
	}

	@Test
	void drawsAnImage() {
		UUID id = this.api.product("<b>Bold</b>", "cups", 1, 1);
		String url = this.api.get(PRODUCTS + "/" + id).json().path("imageUrl").asString();
		Answer image = this.api.get(url).expect(200);
		assertThat(image.headers().get("content-type")).startsWith("image/svg+xml");
		assertThat(image.headers().get("cache-control")).contains("max-age=300");
		assertThat(image.body()).startsWith("<svg").contains("&#60;b&#62;").doesNotContain("<b>");
	}

	@Test
	void recommendsRelatedProductsAndNeverFails() {
		String category = "related-" + word();
		UUID one = this.api.product("One", category, 1, 5);
		UUID two = this.api.product("Two", category, 1, 5);
		this.api.product("Sold out", category, 1, 0);
		JsonNode related = this.api.get(PRODUCTS + "/" + one + "/recommendations").expect(200).json();
		assertThat(related.path("source").asString()).isEqualTo("RELATED");
		assertThat(related.path("items")).singleElement()
			.satisfies((item) -> assertThat(item.path("id").asString()).isEqualTo(two.toString()));
		JsonNode unknown = this.api.get(PRODUCTS + "/" + UUID.randomUUID() + "/recommendations").expect(200).json();
		assertThat(unknown.path("source").asString()).isEqualTo("POPULAR");
		assertThat(unknown.path("items")).isNotEmpty();
	}

	@Test
	void recommendsByTheRuleOfTheFeatureFlag() throws IOException {
		String category = "ruled-" + word();
		UUID one = this.api.product("One", category, 1000, 5);
		UUID far = this.api.product("Far", category, 9000, 5);
		UUID close = this.api.product("Close", category, 1100, 5);
		String url = PRODUCTS + "/" + one + "/recommendations";
		assertThat(recommended(url)).as("as they were created").containsExactly(far, close);
		Files.writeString(FLAGS, """
				{"flags": {"recommendation-rule": {"state": "ENABLED", "variants": {"price": "closest-price"},
				 "defaultVariant": "price"}}}
				""");
		Awaitility.await().untilAsserted(() -> assertThat(recommended(url)).containsExactly(close, far));
		Files.delete(FLAGS);
	}

	private List<UUID> recommended(String url) {
		return this.api.get(url)
			.expect(200)
			.json()
			.path("items")
			.valueStream()
			.map((item) -> UUID.fromString(item.path("id").asString()))
			.toList();
	}

	private List<String> search(String query) {
		List<String> ids = new ArrayList<>();
		this.api.get(PRODUCTS + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
			.expect(200)
			.json()
			.path("items")
			.forEach((item) -> ids.add(item.path("id").asString()));
		return ids;
	}

	private static <T> List<T> concurrently(int count, Callable<T> work) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<T> results = new ArrayList<>();
			for (Future<T> result : threads.invokeAll(IntStream.range(0, count).mapToObj((i) -> work).toList())) {
				results.add(result.get());
			}
			return results;
		}
	}

	/** A unique word that stemming does not change. */
	private static String word() {
		StringBuilder word = new StringBuilder("q");
		for (char digit : UUID.randomUUID().toString().substring(0, 8).toCharArray()) {
			word.append((char) ('a' + Character.digit(digit, 16)));
		}
		return word.append('x').toString();
	}

}
