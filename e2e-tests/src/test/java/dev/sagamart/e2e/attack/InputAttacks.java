package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;

import dev.sagamart.local.PartName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Requests of authorised users with malformed or malicious content. */
final class InputAttacks {

	private static final int MEBIBYTE = 1024 * 1024;

	private final Scenario scenario;

	private final String admin;

	private final List<Attack> attacks = new ArrayList<>();

	private InputAttacks(Scenario scenario) {
		this.scenario = scenario;
		this.admin = scenario.admin().token();
	}

	static List<Attack> of(Scenario scenario) {
		InputAttacks all = new InputAttacks(scenario);
		all.numbers();
		all.money();
		all.text();
		all.json();
		all.mediaTypes();
		all.sizes();
		all.ids();
		all.pages();
		all.headers();
		return all.attacks;
	}

	private void numbers() {
		for (String quantity : List.of("1.0", "1.5", "1e0", "1e400", "\"1\"", "true", "[1]", "{}",
				"9223372036854775808", "2147483648", "1" + "0".repeat(60))) {
			quantity(quantity, 400, "WRONG_TYPE");
		}
		for (String quantity : List.of("NaN", "Infinity", "01", "0x10", "1_000", "+1", ".5", "'1'",
				"1" + "0".repeat(100))) {
			quantity(quantity, 400, "UNREADABLE_BODY");
		}
		for (String quantity : List.of("0", "-0", "-1", "1000", "-2147483648", "null")) {
			quantity(quantity, 422, "VALIDATION_FAILED");
		}
		for (String delta : List.of("0", "1000001", "-1000001", "9223372036854775807", "-9223372036854775808")) {
			adjusting("a stock adjustment of " + delta, "{\"delta\": " + delta + ", \"reason\": \"r\"}", 422,
					"VALIDATION_FAILED");
		}
		adjusting("a stock adjustment of 1e3", "{\"delta\": 1e3, \"reason\": \"r\"}", 400, "WRONG_TYPE");
		adjusting("taking more than the stock", "{\"delta\": -1000, \"reason\": \"r\"}", 409,
				"STOCK_WOULD_BE_NEGATIVE");
	}

	private void money() {
		for (String price : List.of("{\"amount\": 0, \"currency\": \"EUR\"}", "{\"amount\": -1, \"currency\": \"EUR\"}",
				"{\"amount\": 100000000001, \"currency\": \"EUR\"}",
				"{\"amount\": 9223372036854775807, \"currency\": \"EUR\"}", "{\"amount\": 1, \"currency\": \"eur\"}",
				"{\"amount\": 1, \"currency\": \"EURO\"}", "{\"amount\": 1, \"currency\": \"XXX\"}",
				"{\"amount\": 1, \"currency\": \"AAA\"}", "{\"amount\": 1, \"currency\": \"\"}",
				"{\"amount\": 1, \"currency\": \"ＥＵＲ\"}", "{\"amount\": 1, \"currency\": null}", "{\"amount\": 1}",
				"{\"currency\": \"EUR\"}", "null")) {
			price(price, 422, "VALIDATION_FAILED");
		}
		for (String price : List.of("{\"amount\": 19.99, \"currency\": \"EUR\"}",
				"{\"amount\": 1.0, \"currency\": \"EUR\"}", "{\"amount\": \"1999\", \"currency\": \"EUR\"}",
				"{\"amount\": 9223372036854775808, \"currency\": \"EUR\"}", "{\"amount\": 1, \"currency\": 978}",
				"19.99", "\"19.99 EUR\"")) {
			price(price, 400, "WRONG_TYPE");
		}
		refund("refunding zero", "{\"amount\": 0, \"currency\": \"EUR\"}", 422, "VALIDATION_FAILED");
		refund("refunding a negative amount", "{\"amount\": -1, \"currency\": \"EUR\"}", 422, "VALIDATION_FAILED");
		refund("refunding more than was captured", "{\"amount\": 3001, \"currency\": \"EUR\"}", 422,
				"REFUND_EXCEEDS_CAPTURE");
		refund("refunding the greatest amount", "{\"amount\": 9223372036854775807, \"currency\": \"EUR\"}", 422,
				"REFUND_EXCEEDS_CAPTURE");
		refund("refunding in another currency", "{\"amount\": 1, \"currency\": \"USD\"}", 422, "VALIDATION_FAILED");
		refund("refunding in an invalid currency", "{\"amount\": 1, \"currency\": \"XXX\"}", 422, "VALIDATION_FAILED");
		refund("refunding half a cent", "{\"amount\": 0.5, \"currency\": \"EUR\"}", 400, "WRONG_TYPE");
	}

	private void text() {
		for (String name : List.of("a\\u0000b", "\\ud800", "\\udc00\\ud800", "a\\nb", "", "   ", "\\u200b", "\\u0007",
				"x".repeat(101), "http://a.example", "evil.example/x", "www.evil.example", "N: evil.example",
				"a@b.example", "a\\r\\nBcc: b", "\\u202eN", "<b>N</b>", "a\\u2028b")) {
			naming(name, 422, "VALIDATION_FAILED");
		}
		bytes("a name in invalid UTF-8", "{\"name\": \"", new byte[] { (byte) 0xff, (byte) 0xfe });
		bytes("a name with a slash in two bytes (overlong)", "{\"name\": \"", new byte[] { (byte) 0xc0, (byte) 0xaf });
		bytes("a name with a surrogate in UTF-8", "{\"name\": \"",
				new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 });
		String taken = this.scenario.victim().email();
		for (String email : List.of(taken, taken.toUpperCase(java.util.Locale.ROOT),
				taken.replace("somebody", "ＳＯＭＥＢＯＤＹ"), taken.replace("somebody", "ſomebody"),
				taken.replace("sagamart", "\\u0073agamart"))) {
			registering("somebody's email as " + email.substring(0, 12) + (email.contains("\\") ? " escaped" : ""),
					email, "long-enough-password", 409, "EMAIL_TAKEN");
		}
		for (String email : List.of("nobody", "@sagamart.example", "a@b", "a@b@sagamart.example",
				"a b@sagamart.example", "a@sagamart.example\\r\\nBcc: all@sagamart.example",
				"a@sagamart.example\\u0000", "\\u202ea@sagamart.example", "a\\u200b@sagamart.example",
				"a@" + "x".repeat(260) + ".example")) {
			registering("the email " + email, email, "long-enough-password", 422, "VALIDATION_FAILED");
		}
		registering("a password of 11 characters", fresh(), "x".repeat(11), 422, "VALIDATION_FAILED");
		registering("a password of 129 characters", fresh(), "x".repeat(129), 422, "VALIDATION_FAILED");
		registering("a password of 6 characters in 12 halves", fresh(), "\\ud83d\\ude00".repeat(6), 422,
				"VALIDATION_FAILED");
		registering("a password with NUL", fresh(), "long-enough\\u0000-password", 422, "VALIDATION_FAILED");
		for (String country : List.of("XX", "de", "DEU", "")) {
			invalid("an order to the country '" + country + "'",
					placingTo("\"country\": \"DE\"", "\"country\": \"" + country + "\""));
		}
		invalid("an address with a control character", placingTo("\"line1\": \"B\"", "\"line1\": \"B\\u0000\""));
		invalid("a card number as payment method",
				this.scenario.placing(this.scenario.orderOf("1").replace("pm_card_visa", "4242424242424242")));
		invalid("SQL as payment method", this.scenario
			.placing(this.scenario.orderOf("1").replace("pm_card_visa", "pm_'; DROP TABLE orders; --")));
	}

	private void json() {
		String order = this.scenario.orderOf("1");
		unreadable("JSON and more after it", order + "{}");
		unreadable("JSON twice", order + order);
		unreadable("JSON that ends too soon", order.substring(0, order.length() - 2));
		unreadable("the same field twice", order.replaceFirst("\\{", "{\"items\": [], "));
		unreadable("the same quantity twice", this.scenario.orderOf("1, \"quantity\": 999"));
		unreadable("JSON with a comment", order.replaceFirst("\\{", "{/* */"));
		unreadable("JSON with a trailing comma", order.replaceFirst("}\\s*$", ",}"));
		unreadable("JSON in single quotes", order.replace('"', '\''));
		unreadable("100 lists in lists", "[".repeat(100) + "]".repeat(100));
		wrongType("100,000 objects in objects", this.scenario.placing("{\"items\":".repeat(100_000)));
		unreadable("an empty body", "");
		unreadable("only spaces", "   ");
		unreadable("a list for an object", "[" + order + "]");
		unreadable("a string for an object", "\"order\"");
		unreadable("a number for an object", "7");
		unreadable("null for an object", "null");
		unreadable("XML", "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>");
		body("a byte order mark of UTF-16", order.getBytes(StandardCharsets.UTF_16), 400, "UNREADABLE_BODY");
		wrongType("items that are an object",
				this.scenario.placing(order.replaceFirst("\"items\": \\[.*?]", "\"items\": {}")));
		wrongType("an address that is a list", this.scenario
			.placing(order.replace("\n", "").replaceFirst("\"shippingAddress\": \\{.*?}", "\"shippingAddress\": []")));
		invalid("no items", this.scenario.placing(this.scenario.orderWith("", "")));
		invalid("51 items", this.scenario.placing(this.scenario.orderWith(items(51), "")));
		invalid("the same product twice",
				this.scenario.placing(this.scenario.orderWith(items(1) + ", " + items(1), "")));
		invalid("a null among the items", this.scenario.placing(this.scenario.orderWith("null", "")));
		invalid("an unknown field deep inside", placingTo("\"city\"", "\"city_\": \"\", \"city\""));
		invalid("a class name for a deserialiser", this.scenario
			.placing(order.replaceFirst("\\{", "{\"@class\": \"javax.script.ScriptEngineManager\", ")));
	}

	private void mediaTypes() {
		byte[] order = this.scenario.orderOf("1").getBytes(StandardCharsets.UTF_8);
		for (String type : List.of("text/plain", "application/xml", "multipart/form-data; boundary=x",
				"application/octet-stream", "text/html", "application/x-java-serialized-object", "application/x-yaml",
				"application/cbor", "*/*", "json", "")) {
			this.attacks.add(attack("an order as " + (type.isEmpty() ? "nothing in particular" : type))
				.send(Parts.ORDER_SERVICE, this.scenario.placing("").body(type, order))
				.refused(415, "UNSUPPORTED_MEDIA_TYPE"));
		}
		this.attacks.add(attack("an order in UTF-16, declared as such")
			.send(Parts.ORDER_SERVICE, this.scenario.placing("")
				.body("application/json; charset=utf-16", this.scenario.orderOf("1").getBytes(StandardCharsets.UTF_16)))
			.refused(415, "UNSUPPORTED_MEDIA_TYPE"));
		this.attacks.add(attack("a character set that does not exist")
			.send(Parts.ORDER_SERVICE, this.scenario.placing("").body("application/json; charset=wtf-8", order))
			.refused(415, "UNSUPPORTED_MEDIA_TYPE"));
		for (String encoding : List.of("gzip", "deflate", "br", "gzip, gzip")) {
			this.attacks.add(
					attack("an order in " + encoding)
						.send(Parts.ORDER_SERVICE,
								this.scenario.placing("")
									.body("application/json", encoding.startsWith("gzip") ? gzipped(order) : order)
									.header("Content-Encoding", encoding))
						.refused(415, "UNSUPPORTED_MEDIA_TYPE"));
		}
		this.attacks.add(
				attack("a gigabyte of zeros in gzip")
					.send(Parts.ORDER_SERVICE,
							this.scenario.placing("")
								.body("application/json", gzipped(new byte[64 * MEBIBYTE]))
								.header("Content-Encoding", "gzip"))
					.refused(415, "UNSUPPORTED_MEDIA_TYPE"));
		for (String accept : List.of("application/xml", "text/html", "image/png")) {
			this.attacks.add(attack("a response as " + accept)
				.send(Parts.ORDER_SERVICE,
						Request.get("/api/v1/orders").bearer(this.scenario.attacker().token()).header("Accept", accept))
				.refused(406, "NOT_ACCEPTABLE"));
		}
		this.attacks.add(attack("an invalid Accept header")
			.send(Parts.ORDER_SERVICE,
					Request.get("/api/v1/orders").bearer(this.scenario.attacker().token()).header("Accept", "///"))
			.refused(406, "NOT_ACCEPTABLE"));
	}

	private void sizes() {
		byte[] large = (" ".repeat(MEBIBYTE) + this.scenario.orderOf("1")).getBytes(StandardCharsets.UTF_8);
		this.attacks.add(attack("a body over 1 MiB")
			.send(Parts.ORDER_SERVICE, this.scenario.placing("").body("application/json", large))
			.refused(413, "CONTENT_TOO_LARGE"));
		this.attacks.add(attack("a body over 1 MiB in chunks")
			.send(Parts.ORDER_SERVICE, this.scenario.placing("").body("application/json", large).inChunks())
			.refused(413, "CONTENT_TOO_LARGE"));
		this.attacks.add(
				attack("a body over 1 MiB with GET")
					.send(Parts.ORDER_SERVICE,
							new Request("GET", "/api/v1/orders", List.of(), large, false, null)
								.bearer(this.scenario.attacker().token()))
					.refused(413, "CONTENT_TOO_LARGE"));
		this.attacks.add(attack("a body of 2 GiB, announced")
			.send(Parts.ORDER_SERVICE, this.scenario.placing("{").header("Content-Length", "2147483648"))
			.refused(413, "CONTENT_TOO_LARGE"));
		this.attacks.add(attack("a body over 1 MiB of an anonymous user")
			.send(Parts.USER_SERVICE, Request.of("POST", "/api/v1/sessions").body("application/json", large).inChunks())
			.refused(413, "CONTENT_TOO_LARGE"));
		invalid("a name of a million characters",
				Request.put("/api/v1/users/me", "{\"name\": \"" + "n".repeat(1_000_000) + "\"}")
					.bearer(this.scenario.attacker().token()));
	}

	private void ids() {
		String id = this.scenario.order().id().toString();
		for (String malformed : List.of("1", "null", "me", "-1", "1-1-1-1-1", "%7B" + id + "%7D", "urn:uuid:" + id,
				id.replace("-", ""), id.substring(1), id + "0", id.replace('-', '_'), id.substring(0, 35) + "g",
				"%00" + id.substring(3), "' OR 1=1--", "${jndi:ldap:x}", "%EF%BC%90" + id.substring(1))) {
			String encoded = malformed.replace(" ", "%20").replace("'", "%27").replace("{", "%7B").replace("}", "%7D");
			Attack attack = attack("the id " + malformed).send(Parts.ORDER_SERVICE,
					Request.get("/api/v1/orders/" + encoded).bearer(this.scenario.victim().token()));
			this.attacks.add(malformed.startsWith("%00") ? attack.refused(400, "BAD_REQUEST")
					: attack.refused(400, "MALFORMED_ID"));
		}
		this.attacks.add(
				attack("an upper-case id of somebody else's order")
					.send(Parts.ORDER_SERVICE,
							Request.get("/api/v1/orders/" + id.toUpperCase(java.util.Locale.ROOT))
								.bearer(this.scenario.attacker().token()))
					.refused(404, "NOT_FOUND"));
		wrongType("a product's id in braces", this.scenario.placing(this.scenario.orderOf("1")
			.replace(this.scenario.product().id().toString(), "{" + this.scenario.product().id() + "}")));
		wrongType("a product's id that is a number",
				this.scenario.placing(this.scenario.orderWith("{\"productId\": 1, \"quantity\": 1}", "")));
	}

	/**
	 * Every list checks the page size and the page token.
	 */
	private void listPages() {
		String order = this.scenario.order().id().toString();
		Map<PartName, List<String>> lists = Map.of(Parts.USER_SERVICE,
				List.of("/api/v1/users/me/addresses?", "/api/v1/users/me/notifications?"), Parts.ORDER_SERVICE,
				List.of("/api/v1/orders?", "/api/v1/orders/" + order + "/timeline?"), Parts.PAYMENT_SERVICE,
				List.of("/api/v1/payments?orderId=" + order + "&"), Parts.PRODUCT_SERVICE,
				List.of("/api/v1/categories?"));
		lists.forEach((service, paths) -> paths.forEach((path) -> {
			for (String size : List.of("0", "101", "x")) {
				this.attacks.add(attack("a page of " + size + " of " + path)
					.send(service, Request.get(path + "pageSize=" + size).bearer(this.scenario.victim().token()))
					.refused(400, "INVALID_PAGE_SIZE"));
			}
			this.attacks.add(attack("a page of " + path + " after nothing")
				.send(service, Request.get(path + "pageToken=Zg").bearer(this.scenario.victim().token()))
				.refused(400, "INVALID_PAGE_TOKEN"));
		}));
	}

	private void pages() {
		for (String size : List.of("0", "101", "-1", "abc", "1e1", "%20", "99999999999999999999", "10.0", "%2B5")) {
			listing("the page size '" + size + "'", "?pageSize=" + size, "INVALID_PAGE_SIZE");
		}
		for (String token : List.of("%20", "x", "....", "Zg", "MWU0MDA", "JyBPUiAxPTE", "MQ", "%F0%9F%98%80",
				"A".repeat(2000))) {
			listing("the page token '" + ((token.length() > 20) ? "A…" : token) + "'", "?pageToken=" + token,
					"INVALID_PAGE_TOKEN");
		}
		listPages();
		listing("an unknown sort", "?sort=price;drop", "INVALID_SORT");
		listing("SQL as sort", "?sort=(select%201)", "INVALID_SORT");
		listing("SQL as category", "?category=toys'--".replace("'", "%27"), "INVALID_CATEGORY");
		listing("a search of 201 characters", "?q=" + "x".repeat(201), "INVALID_QUERY");
		this.attacks.add(attack("a status that does not exist")
			.send(Parts.ORDER_SERVICE,
					Request.get("/api/v1/orders?status=STOLEN").bearer(this.scenario.attacker().token()))
			.refused(400, "WRONG_TYPE"));
		this.attacks.add(attack("an invalid user id")
			.send(Parts.ORDER_SERVICE, Request.get("/api/v1/orders?userId=*").bearer(this.admin))
			.refused(400, "MALFORMED_ID"));
		this.attacks.add(attack("payments without an order id")
			.send(Parts.PAYMENT_SERVICE, Request.get("/api/v1/payments").bearer(this.scenario.attacker().token()))
			.refused(400, "BAD_REQUEST"));
		this.attacks
			.add(attack("a search with NUL").send(Parts.PRODUCT_SERVICE, Request.get("/api/v1/products?q=a%00b"))
				.refused(400, "BAD_REQUEST"));
	}

	private void headers() {
		String product = "/api/v1/products/" + this.scenario.product().id();
		for (String match : List.of("\"999\"", "W/\"0\"", "0", "\"; DROP TABLE product\"")) {
			this.attacks.add(attack("changing a product only if it is " + match)
				.send(Parts.PRODUCT_SERVICE, Request.delete(product).bearer(this.admin).header("If-Match", match))
				.refused(412, "STALE_VERSION"));
		}
		this.attacks.add(
				attack("resuming a stream at an invalid event id")
					.send(Parts.ORDER_SERVICE,
							Request.get("/api/v1/orders/" + this.scenario.order().id() + "/events")
								.bearer(this.scenario.victim().token())
								.header("Accept", "text/event-stream")
								.header("Last-Event-ID", "first"))
					.refused(400, "WRONG_TYPE"));
	}

	private void quantity(String quantity, int status, String code) {
		String shown = (quantity.length() > 40) ? "1 and " + (quantity.length() - 1) + " zeros" : quantity;
		this.attacks.add(attack("ordering " + shown + " of a product")
			.send(Parts.ORDER_SERVICE, this.scenario.placing(this.scenario.orderOf(quantity)))
			.refused(status, code));
	}

	private void price(String price, int status, String code) {
		this.attacks
			.add(attack("the price " + price)
				.send(Parts.PRODUCT_SERVICE,
						Request
							.post("/api/v1/products",
									"{\"sku\": \"P-" + UUID.randomUUID()
											+ "\", \"name\": \"N\", \"description\": \"D\", \"category\": \"toys\", "
											+ "\"initialStock\": 1, \"price\": " + price + "}")
							.bearer(this.admin))
				.refused(status, code));
	}

	private void refund(String name, String amount, int status, String code) {
		this.attacks.add(
				attack(name)
					.send(Parts.PAYMENT_SERVICE,
							Request
								.post("/api/v1/payments/" + this.scenario.payment().id() + "/refunds",
										"{\"amount\": " + amount + "}")
								.bearer(this.admin)
								.header("Idempotency-Key", UUID.randomUUID().toString()))
					.refused(status, code));
	}

	private void adjusting(String name, String json, int status, String code) {
		this.attacks.add(attack(name)
			.send(Parts.PRODUCT_SERVICE,
					Request.post("/api/v1/products/" + this.scenario.product().id() + "/stock-adjustments", json)
						.bearer(this.admin))
			.refused(status, code));
	}

	private void naming(String name, int status, String code) {
		this.attacks.add(
				attack("the name '" + ((name.length() > 20) ? "x…" : name) + "'")
					.send(Parts.USER_SERVICE, Request.put("/api/v1/users/me", "{\"name\": \"" + name + "\"}")
						.bearer(this.scenario.attacker().token()))
					.refused(status, code));
	}

	private void bytes(String name, String before, byte[] bytes) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes(before.getBytes(StandardCharsets.UTF_8));
		body.writeBytes(bytes);
		body.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
		this.attacks.add(
				attack(name)
					.send(Parts.USER_SERVICE,
							Request.of("PUT", "/api/v1/users/me")
								.body("application/json", body.toByteArray())
								.bearer(this.scenario.attacker().token()))
					.refused(400, "UNREADABLE_BODY"));
	}

	private void registering(String name, String email, String password, int status, String code) {
		this.attacks.add(
				attack("registering with " + name)
					.send(Parts.USER_SERVICE,
							Request.post("/api/v1/users",
									"{\"email\": \"" + email + "\", \"password\": \"" + password
											+ "\", \"name\": \"N\"}"))
					.from(RawConnection.newAddress())
					.refused(status, code));
	}

	private void listing(String name, String query, String code) {
		this.attacks
			.add(attack(name).send(Parts.PRODUCT_SERVICE, Request.get("/api/v1/products" + query)).refused(400, code));
	}

	private void unreadable(String name, String json) {
		body(name, json.getBytes(StandardCharsets.UTF_8), 400, "UNREADABLE_BODY");
	}

	private void body(String name, byte[] bytes, int status, String code) {
		this.attacks.add(attack("ordering with " + name)
			.send(Parts.ORDER_SERVICE, this.scenario.placing("").body("application/json", bytes))
			.refused(status, code));
	}

	private void invalid(String name, Request request) {
		PartName service = request.target().startsWith("/api/v1/users") ? Parts.USER_SERVICE : Parts.ORDER_SERVICE;
		this.attacks.add(attack(name).send(service, request).refused(422, "VALIDATION_FAILED"));
	}

	private void wrongType(String name, Request request) {
		this.attacks.add(attack(name).send(Parts.ORDER_SERVICE, request).refused(400, "WRONG_TYPE"));
	}

	private Request placingTo(String part, String other) {
		return this.scenario.placing(this.scenario.orderOf("1").replace(part, other));
	}

	private String items(int number) {
		List<String> items = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			UUID product = (i == 0) ? this.scenario.product().id() : UUID.randomUUID();
			items.add("{\"productId\": \"" + product + "\", \"quantity\": 1}");
		}
		return String.join(", ", items);
	}

	private static String fresh() {
		return "fresh-" + UUID.randomUUID() + "@sagamart.example";
	}

	private static byte[] gzipped(byte[] bytes) {
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(target)) {
			gzip.write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return target.toByteArray();
	}

}
