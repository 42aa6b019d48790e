package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Access to other users' data, to functions of administrators, and to read-only fields
 * (OWASP API Security Top 10 2023: API1, API3, API5).
 */
final class AccessAttacks {

	private static final String OTHER_ADDRESS = """
			"recipient": "A", "line1": "B", "line2": null, "city": "C", "postalCode": "10115", "country": "DE\"""";

	private final Scenario scenario;

	private final String attacker;

	private final String admin;

	private final List<Attack> attacks = new ArrayList<>();

	private AccessAttacks(Scenario scenario) {
		this.scenario = scenario;
		this.attacker = scenario.attacker().token();
		this.admin = scenario.admin().token();
	}

	static List<Attack> of(Scenario scenario) {
		AccessAttacks all = new AccessAttacks(scenario);
		all.otherUsersData();
		all.adminFunctions();
		all.otherMethods();
		all.readOnlyFields();
		return all.attacks;
	}

	/**
	 * Answered with 404 and not 403, so that the attacker does not learn that it exists.
	 */
	private void otherUsersData() {
		String order = "/api/v1/orders/" + this.scenario.order().id();
		String payment = "/api/v1/payments/" + this.scenario.payment().id();
		notFound(Parts.ORDER_SERVICE, "reading somebody's order", Request.get(order));
		notFound(Parts.ORDER_SERVICE, "asking for the head of somebody's order", Request.of("HEAD", order));
		notFound(Parts.ORDER_SERVICE, "reading somebody's timeline", Request.get(order + "/timeline"));
		notFound(Parts.ORDER_SERVICE, "watching somebody's order",
				Request.get(order + "/events").header("Accept", "text/event-stream"));
		notFound(Parts.ORDER_SERVICE, "resuming somebody's stream",
				Request.get(order + "/events").header("Accept", "text/event-stream").header("Last-Event-ID", "1"));
		notFound(Parts.ORDER_SERVICE, "cancelling somebody's order", Request.of("POST", order + "/cancellation"));
		notFound(Parts.PAYMENT_SERVICE, "reading somebody's payment", Request.get(payment));
		notFound(Parts.USER_SERVICE, "deleting somebody's address",
				Request.delete("/api/v1/users/me/addresses/" + this.scenario.addressId()));
		notFound(Parts.ORDER_SERVICE, "reading an order that is not there",
				Request.get("/api/v1/orders/" + UUID.randomUUID()));
		notFound(Parts.ORDER_SERVICE, "reading an order by the payment's id",
				Request.get("/api/v1/orders/" + this.scenario.payment().id()));
		notFound(Parts.PAYMENT_SERVICE, "reading a payment by the order's id",
				Request.get("/api/v1/payments/" + this.scenario.order().id()));
		this.attacks.add(attack("listing somebody's orders")
			.send(Parts.ORDER_SERVICE,
					Request.get("/api/v1/orders?userId=" + this.scenario.victim().id()).bearer(this.attacker))
			.refused(403, "ACCESS_DENIED"));
		emptyList("listing somebody's payments", Parts.PAYMENT_SERVICE,
				"/api/v1/payments?orderId=" + this.scenario.order().id());
		ownList("listing the orders of all", Parts.ORDER_SERVICE, "/api/v1/orders?pageSize=100");
		emptyList("listing the addresses of all", Parts.USER_SERVICE,
				"/api/v1/users/me/addresses?userId=" + this.scenario.victim().id());
		emptyList("asking for somebody's cart", Parts.ORDER_SERVICE,
				"/api/v1/cart?userId=" + this.scenario.victim().id());
		this.attacks
			.add(attack("asking for somebody's orders with a repeated parameter")
				.send(Parts.ORDER_SERVICE,
						Request.get("/api/v1/orders?userId=" + this.scenario.attacker().id() + "&userId="
								+ this.scenario.victim().id())
							.bearer(this.attacker))
				.refused(400, "REPEATED_PARAMETER"));
		String theirs = "{\"refreshToken\": \"" + this.scenario.victim().refreshToken() + "\"}";
		this.attacks.add(attack("ending somebody's session with their refresh token")
			.send(Parts.USER_SERVICE, Request.delete("/api/v1/sessions/current").json(theirs).bearer(this.attacker))
			.refused(204, ""));
	}

	private void adminFunctions() {
		String product = "/api/v1/products/" + this.scenario.product().id();
		String users = "/api/v1/users/";
		forbidden(Parts.USER_SERVICE, "listing the users", Request.get("/api/v1/users"));
		forbidden(Parts.USER_SERVICE, "reading a user", Request.get(users + this.scenario.victim().id()));
		forbidden(Parts.USER_SERVICE, "reading oneself as an administrator would",
				Request.get(users + this.scenario.attacker().id()));
		forbidden(Parts.USER_SERVICE, "making oneself an administrator",
				Request.put(users + this.scenario.attacker().id() + "/roles", "{\"roles\": [\"ADMIN\"]}"));
		forbidden(Parts.USER_SERVICE, "taking an administrator's roles",
				Request.put(users + this.scenario.admin().id() + "/roles", "{\"roles\": [\"CUSTOMER\"]}"));
		forbidden(Parts.PRODUCT_SERVICE, "making a product", Request.post("/api/v1/products", newProduct("")));
		forbidden(Parts.PRODUCT_SERVICE, "changing a price", Request.put(product, newProduct("")));
		forbidden(Parts.PRODUCT_SERVICE, "discontinuing a product", Request.delete(product));
		forbidden(Parts.PRODUCT_SERVICE, "restoring a product", Request.of("POST", product + "/restoration"));
		forbidden(Parts.PRODUCT_SERVICE, "looking at the stock", Request.get(product + "/stock"));
		forbidden(Parts.PRODUCT_SERVICE, "taking from the stock",
				Request.post(product + "/stock-adjustments", "{\"delta\": -5, \"reason\": \"mine\"}"));
		forbidden(Parts.ORDER_SERVICE, "sending a parcel",
				Request.of("POST", "/api/v1/orders/" + this.scenario.order().id() + "/shipment"));
		forbidden(Parts.ORDER_SERVICE, "delivering a parcel",
				Request.of("POST", "/api/v1/orders/" + this.scenario.order().id() + "/delivery"));
		forbidden(Parts.PAYMENT_SERVICE, "giving money back",
				Request
					.post("/api/v1/payments/" + this.scenario.payment().id() + "/refunds",
							"{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}}")
					.header("Idempotency-Key", "mine"));
		forbidden(Parts.PAYMENT_SERVICE, "looking into the books", Request.get("/api/v1/payments/reconciliation"));
		forbidden(Parts.ORDER_SERVICE, "looking at the sagas", Request.get("/api/v1/operations/sagas"));
		forbidden(Parts.ORDER_SERVICE, "repeating a saga's step",
				Request.of("POST", "/api/v1/operations/sagas/" + this.scenario.order().id() + "/retry"));
		forbidden(Parts.ORDER_SERVICE, "turning a saga back",
				Request.of("POST", "/api/v1/operations/sagas/" + this.scenario.order().id() + "/compensation"));
		forbidden(Parts.ORDER_SERVICE, "repeating the steps of all sagas",
				Request.post("/api/v1/operations/sagas/retry", "{\"filter\": {}, \"dryRun\": false}"));
		forbidden(Parts.ORDER_SERVICE, "turning all sagas back",
				Request.post("/api/v1/operations/sagas/compensation", "{\"filter\": {}, \"dryRun\": true}"));
		for (PartName service : PartName.SERVICES) {
			if (!service.equals(Parts.API_GATEWAY)) {
				String letters = "/api/v1/operations/" + service.text().replace("-service", "") + "/dead-letters";
				forbidden(service, "reading dead letters of " + service.text(), Request.get(letters));
				forbidden(service, "replaying a dead letter of " + service.text(),
						Request.of("POST", letters + "/" + UUID.randomUUID() + "/replay"));
				forbidden(service, "changing a dead letter of " + service.text(),
						Request.put(letters + "/" + UUID.randomUUID(), "{\"payload\": \"{}\"}"));
				forbidden(service, "replaying all dead letters of " + service.text(),
						Request.post(letters + "/replay", "{\"filter\": {}, \"perSecond\": 1000}"));
				forbidden(service, "discarding a dead letter of " + service.text(),
						Request.delete(letters + "/" + UUID.randomUUID()));
			}
		}
		this.attacks.add(attack("reading the audit")
			.throughGateway(Request.get("/api/v1/operations/audit").bearer(this.attacker))
			.refused(403, "ACCESS_DENIED"));
	}

	/** Unsupported methods give no access (API5). */
	private void otherMethods() {
		String order = "/api/v1/orders/" + this.scenario.order().id();
		for (String method : List.of("PUT", "PATCH", "DELETE", "POST")) {
			notAllowed(Parts.ORDER_SERVICE, method + " on somebody's order", Request.of(method, order).json("{}"));
			notAllowed(Parts.PAYMENT_SERVICE, method + " on somebody's payment",
					Request.of(method, "/api/v1/payments/" + this.scenario.payment().id()).json("{}"));
		}
		notAllowed(Parts.ORDER_SERVICE, "GET on a cancellation", Request.get(order + "/cancellation"));
		notAllowed(Parts.ORDER_SERVICE, "DELETE on the orders", Request.delete("/api/v1/orders"));
		notAllowed(Parts.USER_SERVICE, "PATCH on oneself",
				Request.of("PATCH", "/api/v1/users/me").json("{\"roles\": [\"ADMIN\"]}"));
		notAllowed(Parts.ORDER_SERVICE, "GET on a cart's item",
				Request.get("/api/v1/cart/items/" + this.scenario.product().id()));
		notAllowed(Parts.ORDER_SERVICE, "another method in a header",
				Request.of("PATCH", order)
					.json("{}")
					.header("X-HTTP-Method-Override", "GET")
					.header("X-HTTP-Method", "DELETE")
					.header("X-Method-Override", "DELETE"));
		this.attacks.add(attack("another method in the query")
			.send(Parts.ORDER_SERVICE, Request.of("PATCH", "/api/v1/cart?_method=DELETE").bearer(this.attacker))
			.refused(405, "METHOD_NOT_ALLOWED"));
	}

	/** Fields that clients may read but not set: 422 (API3). */
	private void readOnlyFields() {
		for (String field : List.of("\"role\": \"ADMIN\"", "\"roles\": [\"ADMIN\"]",
				"\"id\": \"" + UUID.randomUUID() + "\"", "\"createdAt\": \"2020-01-01T00:00:00Z\"",
				"\"passwordHash\": \"x\"", "\"__proto__\": {}", "\"emailVerified\": true")) {
			this.attacks
				.add(attack("registering with " + field).send(Parts.USER_SERVICE,
						Request.post("/api/v1/users", "{\"email\": \"mass-" + UUID.randomUUID()
								+ "@sagamart.example\", \"password\": \"long-enough-password\", \"name\": \"M\", "
								+ field + "}"))
					.refused(422, "VALIDATION_FAILED"));
		}
		for (String field : List.of("\"roles\": [\"ADMIN\"]", "\"id\": \"" + this.scenario.victim().id() + "\"",
				"\"password\": \"another-password\"")) {
			invalid(Parts.USER_SERVICE, "changing oneself with " + field,
					Request.put("/api/v1/users/me", "{\"name\": \"M\", " + field + "}").bearer(this.attacker));
		}
		invalid(Parts.USER_SERVICE, "an address for somebody else",
				Request
					.post("/api/v1/users/me/addresses",
							"{" + OTHER_ADDRESS + ", \"userId\": \"" + this.scenario.victim().id() + "\"}")
					.bearer(this.attacker));
		invalid(Parts.USER_SERVICE, "an address with an id",
				Request
					.post("/api/v1/users/me/addresses",
							"{" + OTHER_ADDRESS + ", \"id\": \"" + this.scenario.addressId() + "\"}")
					.bearer(this.attacker));
		String item = "{\"productId\": \"" + this.scenario.product().id() + "\", \"quantity\": 1%s}";
		for (String field : List.of("\"price\": 1", "\"unitPrice\": {\"amount\": 1, \"currency\": \"EUR\"}",
				"\"lineTotal\": {\"amount\": 1, \"currency\": \"EUR\"}", "\"name\": \"Free\"")) {
			invalid(Parts.ORDER_SERVICE, "an item with " + field,
					this.scenario.placing(this.scenario.orderWith(item.formatted(", " + field), "")));
		}
		for (String field : List.of("\"total\": {\"amount\": 1, \"currency\": \"EUR\"}", "\"status\": \"CONFIRMED\"",
				"\"userId\": \"" + this.scenario.victim().id() + "\"", "\"id\": \"" + UUID.randomUUID() + "\"",
				"\"createdAt\": \"2020-01-01T00:00:00Z\"", "\"discount\": 100", "\"currency\": \"JPY\"")) {
			invalid(Parts.ORDER_SERVICE, "an order with " + field,
					this.scenario.placing(this.scenario.orderWith(item.formatted(""), ", " + field)));
		}
		invalid(Parts.ORDER_SERVICE, "a cart's item with a price",
				Request.put("/api/v1/cart/items/" + this.scenario.product().id(), "{\"quantity\": 1, \"unitPrice\": 1}")
					.bearer(this.attacker));
		for (String field : List.of("\"id\": \"" + UUID.randomUUID() + "\"", "\"version\": 7",
				"\"availability\": \"IN_STOCK\"", "\"onHand\": 5")) {
			invalid(Parts.PRODUCT_SERVICE, "a product with " + field,
					Request.post("/api/v1/products", newProduct(", " + field)).bearer(this.admin));
		}
		invalid(Parts.PAYMENT_SERVICE, "a refund that says it is done",
				Request
					.post("/api/v1/payments/" + this.scenario.payment().id() + "/refunds",
							"{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}, \"status\": \"DONE\"}")
					.bearer(this.admin)
					.header("Idempotency-Key", "done"));
	}

	private static String newProduct(String more) {
		return "{\"sku\": \"X-" + UUID.randomUUID()
				+ "\", \"name\": \"N\", \"description\": \"D\", \"category\": \"toys\", "
				+ "\"price\": {\"amount\": 1, \"currency\": \"EUR\"}, \"initialStock\": 1" + more + "}";
	}

	private void notFound(PartName service, String name, Request request) {
		this.attacks.add(attack(name).send(service, request.bearer(this.attacker))
			.refused(404, request.method().equals("HEAD") ? "" : "NOT_FOUND"));
	}

	private void forbidden(PartName service, String name, Request request) {
		this.attacks.add(attack(name).send(service, request.bearer(this.attacker)).refused(403, "ACCESS_DENIED"));
		this.attacks.add(attack(name + " without a token").send(service, request).refused(401, "UNAUTHENTICATED"));
	}

	private void notAllowed(PartName service, String name, Request request) {
		this.attacks.add(attack(name).send(service, request.bearer(this.attacker)).refused(405, "METHOD_NOT_ALLOWED"));
	}

	private void invalid(PartName service, String name, Request request) {
		this.attacks.add(attack(name).send(service, request).refused(422, "VALIDATION_FAILED"));
	}

	/** The attacker has none, so the list is empty. */
	private void emptyList(String name, PartName service, String path) {
		list(name, service, path, (items) -> assertThat(items).isEmpty());
	}

	/** The list contains only the attacker's own data. */
	private void ownList(String name, PartName service, String path) {
		String attackerId = this.scenario.attacker().id().toString();
		list(name, service, path, (items) -> assertThat(items)
			.allSatisfy((item) -> assertThat(item.path("userId").asString()).isEqualTo(attackerId)));
	}

	private void list(String name, PartName service, String path, Consumer<JsonNode> check) {
		this.attacks.add(attack(name, () -> {
			for (PartName entryPoint : List.of(Parts.API_GATEWAY, service)) {
				Response response = RawConnection.exchange(this.scenario.platform().url(entryPoint),
						Request.get(path).bearer(this.attacker), null);
				assertThat(response.status()).as(response.body()).isEqualTo(200);
				check.accept(response.json().path("items"));
				assertThat(response.body()).doesNotContain(this.scenario.victim().id().toString(),
						this.scenario.order().id().toString(), this.scenario.addressId().toString());
			}
		}));
	}

}
