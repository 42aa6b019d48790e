package dev.sagamart.products.catalogue;

import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.products.ProductApi;
import dev.sagamart.products.catalogue.ProductSearch.Order;
import dev.sagamart.products.catalogue.ProductSearch.Position;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@PlatformTest
class SearchIntegrationTests {

	private static final String PRODUCTS = "/api/v1/products";

	private static final UUID ID = UUID.fromString("018f4e5a-0000-7000-8000-000000000001");

	@Autowired
	JdbcClient jdbc;

	@Autowired
	PlatformTransactionManager transactions;

	private ProductApi api;

	@BeforeEach
	void open(@Autowired RestTestClient client, @Autowired TestTokens tokens) {
		this.api = new ProductApi(client, tokens);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "Éclair au chocolat|eclair;ECLAIR;Éclair;éclair;ecl;chocolat ecla;eclairs;au;é",
					"Café|caf;cafe;CAFÉ",
					"T-Shirt blue|t-shirt;tshirt;t shirt;shirt;t-sh;T‑Shirt;shirts;blue t-shirt;tshirt b",
					"Tshirt red|t-shirt;tshirt;tsh", "USB-C Charger|usb-c;usb c;usbc;usb;c usb;USB-C/charger;charg",
					"Cable 3.5 mm|3.5;3.5 mm;cable 3;5;3.", "Open 24/7|24/7;24 7;24;open 24/",
					"O'Reilly|o'reilly;oreilly;o’reilly;o reilly;O'R;reilly;o´reilly",
					"Chef’s Knife|chef's knife;chefs;chef", "Straße|strasse;straße;STRASSE;strass",
					"Smørrebrød|smorrebrod;SMØRREBRØD;smor", "Łódź|lodz;łódź", "Æble|aeble;æble", "Işık|isik;ışık;IŞIK",
					"İstanbul|istanbul;İSTANBUL;ıstanbul", "Ελληνικός καφές|ελληνικος;ΚΑΦΈΣ;καφ",
					"Чайник|чайник;ЧАЙ;чаи", "日本茶セット|日本;本茶;茶;セット;日本茶", "한국어 책|한국;책", "ﬁne ½ № 5|fine;fi;no 5;1/2",
					"The Lighthouse at Norrsund|the lighthouse at norrsund;lighthouse of norrsund;norr;at;the",
					"naïve (new) [box] {x} *star*|naive;(new);[box;{x};*star*;new, box",
					"soft\u00adhyphen zero\u200bwidth|softhyphen;zerowidth" })
	void findsOtherSpellings(String name, String queries) {
		String category = category();
		UUID id = product(name, category);
		for (String query : queries.split(";")) {
			for (Normalizer.Form form : Normalizer.Form.values()) {
				assertThat(search(category, Normalizer.normalize(query, form))).as("%s, %s", query, form)
					.containsExactly(id.toString());
			}
		}
	}

	@Test
	void findsNamesThatAreStoredInAnotherUnicodeForm() {
		String category = category();
		String id = this.api.product(Normalizer.normalize("Crème Brûlée", Normalizer.Form.NFD), category, 100, 1)
			.toString();
		assertThat(search(category, "crème brûlée")).containsExactly(id);
		assertThat(search(category, "creme bru")).containsExactly(id);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "Cable 3.5 mm|35;3.6;5.3;.mm x;able", "T-Shirt|shirt-t;tt;hirt", "Open 24/7|247;7/24;2/4",
					"Watering can|watering -kettle;!watering kettle;cafe | zebra;watering & kettle;ring",
					"O'Reilly|' OR '1'='1;o' DROP TABLE product", "日本茶|茶本;中" })
	void findsOnlyMatches(String name, String queries) {
		String category = category();
		product(name, category);
		for (String query : queries.split(";")) {
			assertThat(search(category, query)).as(query).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "'", "''", "\\", "\\'", "& | !", ":*", "a:b", "a:*b", "(", ")", "\"", "\"\"", "%", "_",
			"<->", "<2>", "the", "or", "and not", "-", "--", "!!!", ".", "\u00a0x", "🎁", "\u0301", "\u200b", "\uffff",
			"\t", "a\u001fb", "'a':1A" })
	void doesNotInterpretOperators(String query) {
		search("nothing-of-it", query);
		search(null, query);
	}

	@Test
	void limitsTheLengthOfQueries() {
		search(null, "x".repeat(200));
		search(null, "\ud83d\ude00".repeat(200));
		search(null, "\ufdfa ".repeat(100));
		search(null, "a-".repeat(100));
		String uri = PRODUCTS + "?q=";
		this.api.get(uri + "x".repeat(201)).expect(400, "INVALID_QUERY");
		this.api.get(uri + encoded("\ud83d\ude00".repeat(201))).expect(400, "INVALID_QUERY");
		this.api.get(uri + "a%00b").expect(400);
		this.api.get(uri + "a%ED%A0%80b").expect(400);
		this.api.get(uri + "%FF").expect(400);
	}

	@Test
	void storesVeryLongWords() {
		String category = category();
		UUID id = this.api.product("Endless", category, 100, 1);
		for (String description : List.of("x".repeat(4000), "a-".repeat(2000), "\ufdfa".repeat(4000),
				"é ".repeat(2000))) {
			var body = this.api.bodyOf(id);
			body.put("description", description);
			this.api.put(id, body).expect(200);
		}
		assertThat(search(category, "e")).containsExactly(id.toString());
	}

	@Test
	void sortsNamesAlphabetically() {
		String category = category();
		List<String> sorted = List.of("24/7", "Ångström", "apple", "Apple", "ärmel", "Banana", "de luge", "deluge",
				"Eclair", "Éclair", Normalizer.normalize("Éclairs", Normalizer.Form.NFD), "Ecru", "Işık", "Łódź", "Öl",
				"Straße", "strasse b", "zebra", "Zebra", "Ωmega", "Чай");
		sorted.reversed().forEach((name) -> this.api.product(name, category, 100, 1));
		List<String> names = new ArrayList<>();
		String token = "";
		while (token != null) {
			JsonNode page = this.api.get(PRODUCTS + "?pageSize=2&sort=name&category=" + category + token)
				.expect(200)
				.json();
			page.path("items").forEach((item) -> names.add(item.path("name").asString()));
			token = page.path("nextPageToken").isNull() ? null : "&pageToken=" + page.path("nextPageToken").asString();
		}
		assertThat(names).containsExactlyElementsOf(sorted);
	}

	@Test
	void aPageCanEndWithAVeryLongName() {
		String category = category();
		for (int i = 0; i < 2; i++) {
			this.api.product("\ud834\udd60".repeat(75), category, 100, 1);
		}
		String uri = PRODUCTS + "?pageSize=1&category=" + category;
		String token = this.api.get(uri).expect(200).json().path("nextPageToken").asString();
		assertThat(this.api.get(uri + "&pageToken=" + token).expect(200).json().path("items")).hasSize(1);
	}

	@Test
	void ignoresEmptyParameters() {
		JsonNode all = this.api.get(PRODUCTS).expect(200).json();
		assertThat(this.api.get(PRODUCTS + "?q=&category=&sort=").expect(200).json().path("items"))
			.isEqualTo(all.path("items"));
		this.api.get(PRODUCTS + "?q=&category=&sort=&pageSize=&pageToken=").expect(200);
		this.api.get(PRODUCTS + "?q=%20").expect(200);
		this.api.get(PRODUCTS + "?category=%20").expect(400, "INVALID_CATEGORY");
		this.api.get(PRODUCTS + "?sort=%20").expect(400, "INVALID_SORT");
		this.api.get(PRODUCTS + "?q=&q=").expect(400, "REPEATED_PARAMETER");
		this.api.get("/api/v1/categories?pageSize=&pageToken=").expect(200);
	}

	@ParameterizedTest
	@CsvSource({ "-price,1e400", "-price,٣", "price,+1", "price,99999999999999999999", "price,-1", "price,''",
			"newest,1-1-1-1-1", "newest,f", "'',f", "'',1e400", "'',NaN", "'',Infinity", "'',1f", "'',0x1p3", "'',٣",
			"name,NONE" })
	void refusesForgedPageTokens(String sort, String key) {
		Order order = switch (sort) {
			case "-price" -> Order.PRICE_DESCENDING;
			case "price" -> Order.PRICE;
			case "newest" -> Order.NEWEST;
			case "name" -> Order.NEWEST;
			default -> Order.RELEVANCE;
		};
		String list = PRODUCTS + (sort.isEmpty() ? "{q=x}" : "{sort=" + sort + "}");
		String uri = PRODUCTS + (sort.isEmpty() ? "?q=x" : "?sort=" + sort) + "&pageToken=";
		this.api.get(uri + token(list, order.name(), key, ID.toString())).expect(400, "INVALID_PAGE_TOKEN");
		this.api.get(uri + token(list, key)).expect(400, "INVALID_PAGE_TOKEN");
		this.api.get(uri + token(list, order.name(), "1", "1-1-1-1-1")).expect(400, "INVALID_PAGE_TOKEN");
	}

	@Test
	void aPageTokenIsOnlyValidForItsList() {
		String category = category();
		this.api.product("One", category, 1, 1);
		this.api.product("Two", category, 2, 1);
		String uri = PRODUCTS + "?pageSize=1&category=" + category;
		String token = this.api.get(uri).json().path("nextPageToken").asString();
		this.api.get(uri + "&sort=&q=&pageToken=" + token).expect(200);
		for (String other : List.of(uri + "&q=one", uri + "&sort=name", PRODUCTS + "?category=x",
				"/api/v1/categories?pageSize=1")) {
			this.api.get(other + "&pageToken=" + token).expect(400, "INVALID_PAGE_TOKEN");
		}
	}

	@Test
	void usesAnIndexForManyProducts() {
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			status.setRollbackOnly();
			for (int from = 1; from <= 10_000; from += 250) {
				many(from, from + 249);
			}
			this.jdbc.sql("ANALYZE product, stock").update();
			assertThat(plan(new ProductSearch("eclair 77", null, Order.RELEVANCE), null)).contains("product_search")
				.doesNotContain("Seq Scan on product");
			assertThat(
					plan(new ProductSearch("t-shirt", null, Order.RELEVANCE), new Position(Order.RELEVANCE, "0.6", ID)))
				.contains("product_search")
				.doesNotContain("Seq Scan on product");
			for (ProductSearch search : List.of(new ProductSearch(null, null, Order.NAME),
					new ProductSearch(null, "many-3", Order.NAME))) {
				assertThat(plan(search, new Position(Order.NAME, "N 77", ID)))
					.contains("_name on product p", "Index Cond", "sort_name")
					.doesNotContain("Sort Key", "Seq Scan on product");
			}
		});
	}

	private void many(int from, int to) {
		this.jdbc.sql("""
				WITH made AS (
				    INSERT INTO product (id, sku, name, description, category, price_amount, price_currency, version,
				        created_at, updated_at)
				    SELECT uuidv7(), 'MANY-' || n, 'N ' || n, 'of many', 'many-' || n % 10, n, 'EUR', 0, now(), now()
				    FROM generate_series(?, ?) AS n RETURNING id)
				INSERT INTO stock (product_id, initial, on_hand) SELECT id, 1, 1 FROM made
				""").params(from, to).update();
	}

	private String plan(ProductSearch search, Position after) {
		JdbcClient.StatementSpec statement = this.jdbc.sql("EXPLAIN " + CatalogueReader.sqlOf(search, after))
			.param("category", search.category())
			.param("words", search.words())
			.param("limit", 20);
		if (after != null) {
			statement = statement.param("key", search.order().keyValue(after.key())).param("id", after.id());
		}
		return String.join("\n", statement.query(String.class).list());
	}

	/** A page token like those of the service. */
	private static String token(String list, String... key) {
		return Page.of(List.of(1, 2), new PageQuery(1, List.of(), list), (row) -> row, (row) -> Arrays.asList(key))
			.nextPageToken();
	}

	private List<String> search(String category, String query) {
		String uri = PRODUCTS + "?q=" + encoded(query) + ((category != null) ? "&category=" + category : "");
		return Stream.of(this.api.get(uri).expect(200).json().path("items"))
			.flatMap((items) -> items.valueStream())
			.map((item) -> item.path("id").asString())
			.toList();
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/** Creates a product whose SKU does not match any search of these tests. */
	private UUID product(String name, String category) {
		Map<String, Object> body = ProductApi.body(name, category, 100, 1);
		body.put("sku", category() + "x");
		body.put("description", "");
		return this.api.post(PRODUCTS, body).expect(201).id();
	}

	private static String category() {
		return UUID.randomUUID()
			.toString()
			.replace("-", "")
			.chars()
			.mapToObj((digit) -> String.valueOf((char) ('g' + Character.digit(digit, 16))))
			.collect(Collectors.joining("", "zz", ""));
	}

}
