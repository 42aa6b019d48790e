package dev.sagamart.e2e.contract;

import dev.sagamart.e2e.Parts;
import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.client.Address;
import dev.sagamart.e2e.client.AuthenticatorApp;
import dev.sagamart.e2e.client.Json;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.e2e.contract.Generator.Made;
import dev.sagamart.e2e.contract.OpenApi.Operation;
import dev.sagamart.local.PartName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * People and things to ask about, which nobody else needs, and what has to be asked in a
 * certain order to get a certain answer.
 */
final class World {

	/**
	 * Operations that would end what the others need; they are asked by scripts alone.
	 */
	private static final Set<String> DISRUPTIVE = Set.of("DELETE /api/v1/users/me", "PUT /api/v1/users/me/email",
			"POST /api/v1/users/me/second-factor", "DELETE /api/v1/users/me/second-factor",
			"PUT /api/v1/users/{id}/roles", "DELETE /api/v1/products/{id}");

	private final RunningPlatform platform;

	private final Session admin;

	private final String adminsEmail;

	private final Session customer;

	private final String customersEmail;

	private final String password = "a-password-of-" + UUID.randomUUID();

	private final String serviceToken;

	private final List<Product> products;

	private final List<Order> orders = new ArrayList<>();

	private final List<UUID> payments = new ArrayList<>();

	private World(RunningPlatform platform) {
		this.platform = platform;
		this.serviceToken = platform.serviceToken();
		this.adminsEmail = email();
		this.customersEmail = email();
		Session promoted = platform.api().newCustomer(this.adminsEmail, this.password);
		platform.admin()
			.put("/api/v1/users/" + promoted.userId() + "/roles", Map.of("roles", List.of("ADMIN", "CUSTOMER")))
			.expect(200);
		this.admin = platform.api().login(this.adminsEmail, this.password);
		this.customer = platform.api().newCustomer(this.customersEmail, this.password);
		this.products = Stream.generate(() -> this.admin.createProduct(Money.eur(700), 100_000)).limit(4).toList();
		this.products.forEach(platform::awaitOnPriceList);
		for (int i = 0; i < 3; i++) {
			Order order = this.customer.awaitSettled(this.customer.place(OrderRequest.of(this.products.getFirst(), 2)));
			this.orders.add(order);
			this.payments.add(this.customer.payments(order.id()).getFirst().id());
		}
	}

	static World on(RunningPlatform platform) {
		return new World(platform);
	}

	/** How a script asks. */
	interface Asker {

		void ask(String token, Made made);

	}

	Session admin() {
		return this.admin;
	}

	Session customer() {
		return this.customer;
	}

	boolean isDisruptive(Operation operation) {
		return DISRUPTIVE.contains(operation.toString());
	}

	/** Ids of things that are there, by the name of a parameter or field. */
	Map<String, List<String>> knownIds(PartName service) {
		List<String> ofProducts = this.products.stream().map((product) -> product.id().toString()).toList();
		List<String> ofOrders = this.orders.stream().map((order) -> order.id().toString()).toList();
		List<String> ids = Map
			.of(Parts.USER_SERVICE, List.of(this.customer.userId().toString()), Parts.PRODUCT_SERVICE, ofProducts,
					Parts.ORDER_SERVICE, ofOrders)
			.getOrDefault(service, this.payments.stream().map(UUID::toString).toList());
		return Map.of("id", ids, "productId", ofProducts, "orderId", ofOrders, "sku",
				this.products.stream().map(Product::sku).toList());
	}

	/** Gets the answers that depend on what was asked before. */
	void scripts(PartName service, Asker asker) {
		switch (service.text()) {
			case "user-service" -> users(asker);
			case "product-service" -> products(asker);
			case "order-service" -> orders(asker);
			default -> payments(asker);
		}
	}

	private void users(Asker asker) {
		String othersEmail = email();
		Session before = this.platform.api().newCustomer(othersEmail, this.password);
		String roles = "/api/v1/users/" + before.userId() + "/roles";
		Map<String, Object> both = Map.of("roles", List.of("ADMIN", "CUSTOMER"));
		String admins = this.admin.token();
		asker.ask(before.token(), made("PUT", roles, both));
		asker.ask(admins, made("PUT", roles, both));
		Session other = this.platform.api().login(othersEmail, this.password);
		asker.ask(admins, made("PUT", roles, Map.of()));
		asker.ask(admins, made("PUT", roles, 1));
		asker.ask("", made("PUT", roles, both));
		asker.ask(admins, made("PUT", "/api/v1/users/" + UUID.randomUUID() + "/roles", both));
		asker.ask(admins, typed(made("PUT", roles, both), "text/plain"));
		asker.ask(admins, accepting(made("PUT", roles, both), "application/xml"));
		asker.ask(admins, made("PUT", roles, " ".repeat(1024 * 1024)));
		String address = this.customer.post("/api/v1/users/me/addresses", Address.usual())
			.expect(201)
			.json()
			.path("id")
			.asString();
		asker.ask(this.customer.token(), made("DELETE", "/api/v1/users/me/addresses/" + address, null));
		asker.ask("",
				made("POST", "/api/v1/sessions", Map.of("email", this.customersEmail, "password", this.password)));
		Map<String, String> wrong = Map.of("email", email(), "password", "not-the-password");
		for (int i = 0; i < 12; i++) {
			asker.ask("", made("POST", "/api/v1/sessions", wrong));
		}
		Reply tokens = this.platform.api().tryToLogin(this.customersEmail, this.password).expect(201);
		Map<String, String> token = Map.of("refreshToken", tokens.json().path("refreshToken").asString());
		asker.ask("", made("POST", "/api/v1/sessions/refresh", token));
		asker.ask("", made("POST", "/api/v1/sessions/refresh", token));
		asker.ask(this.customer.token(), made("DELETE", "/api/v1/sessions/current", token));
		emails(asker);
		secondFactors(asker);
		asker.ask("", made("POST", "/api/v1/users",
				Map.of("email", this.adminsEmail, "name", "N", "password", this.password)));
		for (int i = 0; i < 60; i++) {
			asker.ask(other.token(), made("POST", "/api/v1/users/me/addresses", Address.usual()));
		}
		asker.ask("", made("DELETE", "/api/v1/users/me", null));
		asker.ask(this.serviceToken(), made("DELETE", "/api/v1/users/me", null));
		asker.ask(other.token(), made("DELETE", "/api/v1/users/me", null));
		asker.ask(other.token(), made("DELETE", "/api/v1/users/me", null));
		asker.ask(other.token(), made("GET", "/api/v1/users/me", null));
		asker.ask(other.token(), made("PUT", "/api/v1/users/me", Map.of("name", "N")));
		asker.ask(other.token(), made("PUT", "/api/v1/users/me/preferences",
				Map.of("locale", "en", "currency", "EUR", "marketingEmails", true)));
		asker.ask(other.token(), made("POST", "/api/v1/users/me/addresses", Address.usual()));
	}

	private void emails(Asker asker) {
		String path = "/api/v1/users/me/email";
		String token = this.platform.api().newCustomer(email(), this.password).token();
		Made right = made("PUT", path, Map.of("email", email(), "password", this.password));
		asker.ask(token, right);
		asker.ask("", right);
		asker.ask(this.serviceToken(), right);
		asker.ask(token, made("PUT", path, 1));
		asker.ask(token, made("PUT", path, Map.of()));
		asker.ask(token, typed(right, "text/plain"));
		asker.ask(token, made("PUT", path, " ".repeat(1024 * 1024)));
		for (int i = 0; i < 12; i++) {
			asker.ask(token, made("PUT", path, Map.of("email", email(), "password", "not-the-password")));
		}
	}

	private void secondFactors(Asker asker) {
		String path = "/api/v1/users/me/second-factor";
		String email = email();
		Session session = this.platform.api().newCustomer(email, this.password);
		Map<String, Object> own = Map.of("password", this.password, "code", "000000");
		asker.ask(session.token(), made("DELETE", path, own));
		for (Made made : List.of(made("POST", path, Map.of("password", this.password)), made("DELETE", path, own))) {
			asker.ask("", made);
			asker.ask(this.serviceToken(), made);
			asker.ask(session.token(), typed(made, "text/plain"));
			asker.ask(session.token(), made(made.method(), path, 1));
			asker.ask(session.token(), made(made.method(), path, Map.of()));
			asker.ask(session.token(), made(made.method(), path, " ".repeat(1024 * 1024)));
		}
		asker.ask(session.token(), made("POST", path, Map.of("password", this.password)));
		AuthenticatorApp app = AuthenticatorApp.begin(session, this.password);
		asker.ask(session.token(), made("PUT", path, Map.of("code", app.code())));
		String enrolled = logIn(email, app.codeIn(1));
		asker.ask(enrolled, made("POST", path, Map.of("password", this.password)));
		asker.ask(enrolled, made("DELETE", path, own));
		String others = "/api/v1/users/" + this.platform.api().session(enrolled).userId() + "/second-factor";
		asker.ask(enrolled, made("DELETE", others, null));
		asker.ask(this.admin.token(), made("DELETE", others, null));
		removedSecondFactor(path, asker);
		guessedCodes(path, asker);
	}

	private void removedSecondFactor(String path, Asker asker) {
		String email = email();
		AuthenticatorApp app = AuthenticatorApp.enrol(this.platform.api().newCustomer(email, this.password),
				this.password);
		asker.ask(logIn(email, app.recoveryCodes().getFirst()),
				made("DELETE", path, Map.of("password", this.password, "code", app.recoveryCodes().getLast())));
	}

	private void guessedCodes(String path, Asker asker) {
		Session guesser = this.platform.api().newCustomer(email(), this.password);
		AuthenticatorApp app = AuthenticatorApp.begin(guesser, this.password);
		Map<String, String> wrong = Map.of("password", "not-the-password");
		for (int i = 0; i < 12; i++) {
			asker.ask(guesser.token(), made("PUT", path, Map.of("code", app.wrongCode())));
			asker.ask(guesser.token(), made("POST", path, wrong));
		}
		asker.ask(guesser.token(), made("DELETE", path, Map.of("password", "not-the-password", "code", "000000")));
	}

	private String logIn(String email, String code) {
		return this.platform.api()
			.anonymous()
			.post("/api/v1/sessions", Map.of("email", email, "password", this.password, "code", code))
			.expect(201)
			.json()
			.path("accessToken")
			.asString();
	}

	private void products(Asker asker) {
		String admins = this.admin.token();
		Product product = this.admin.createProduct(Money.eur(100), 10);
		String path = "/api/v1/products/" + product.id();
		String tag = this.admin.get(path).expect(200).header("ETag");
		asker.ask("", header(made("GET", path, null), "If-None-Match", tag));
		Map<String, Object> taken = Map.of("sku", this.products.getFirst().sku(), "name", "N", "description", "D",
				"category", "toys", "price", Money.eur(1), "initialStock", 1);
		asker.ask(admins, made("POST", "/api/v1/products", taken));
		Map<String, Object> change = Map.of("sku", this.products.getFirst().sku(), "name", "N", "description", "D",
				"category", "toys", "price", Money.eur(1));
		asker.ask(admins, made("PUT", path, change));
		asker.ask(admins, header(made("PUT", path, change), "If-Match", "\"77\""));
		asker.ask(admins, made("POST", path + "/stock-adjustments", Map.of("delta", -1000, "reason", "r")));
		asker.ask(admins, made("DELETE", "/api/v1/products/x", null));
		asker.ask("", made("DELETE", path, null));
		asker.ask(this.customer.token(), made("DELETE", path, null));
		asker.ask(admins, header(made("DELETE", path, null), "If-Match", "\"77\""));
		asker.ask(admins, made("DELETE", path, null));
		asker.ask(admins, made("DELETE", "/api/v1/products/" + UUID.randomUUID(), null));
		restorations(product, asker);
		for (String known : List.of("/api/v1/products", "/api/v1/categories", path + "/recommendations",
				path + "/image")) {
			asker.ask("", header(made("GET", known, null), "If-None-Match", "*"));
		}
		deadLetters("product", asker);
	}

	private void restorations(Product discontinued, Asker asker) {
		String admins = this.admin.token();
		String path = "/api/v1/products/" + discontinued.id() + "/restoration";
		asker.ask("", made("POST", path, null));
		asker.ask(this.customer.token(), made("POST", path, null));
		asker.ask(admins, header(made("POST", path, null), "If-Match", "\"77\""));
		asker.ask(admins, made("POST", path, null));
		asker.ask(admins, made("POST", "/api/v1/products/x/restoration", null));
		asker.ask(admins, made("POST", "/api/v1/products/" + UUID.randomUUID() + "/restoration", null));
		asker.ask(admins, made("DELETE", "/api/v1/products/" + discontinued.id(), null));
		asker.ask(admins, made("POST", "/api/v1/products", Map.of("sku", discontinued.sku(), "name", "N", "description",
				"D", "category", "toys", "price", Money.eur(1), "initialStock", 1)));
		asker.ask(admins, made("POST", path, null));
	}

	private void orders(Asker asker) {
		String admins = this.admin.token();
		String customers = this.customer.token();
		OrderRequest request = OrderRequest.of(this.products.getFirst(), 1);
		asker.ask(customers, header(made("POST", "/api/v1/orders", request), "Idempotency-Key", "contract-1"));
		asker.ask(customers, header(made("POST", "/api/v1/orders", OrderRequest.of(this.products.getFirst(), 2)),
				"Idempotency-Key", "contract-1"));
		Order order = this.customer.awaitSettled(this.customer.place(request));
		String path = "/api/v1/orders/" + order.id();
		asker.ask(admins, made("POST", path + "/delivery", null));
		asker.ask(admins, made("POST", path + "/shipment", null));
		asker.ask(admins, made("POST", path + "/delivery", null));
		asker.ask(admins, made("POST", path + "/shipment", null));
		asker.ask(customers, made("POST", path + "/cancellation", null));
		asker.ask(admins, made("POST", "/api/v1/operations/sagas/" + order.id() + "/retry", null));
		asker.ask(admins, made("POST", "/api/v1/operations/sagas/" + order.id() + "/compensation", null));
		asker.ask(customers, header(made("GET", path + "/events", null), "Last-Event-ID", "9999"));
		asker.ask(customers, made("GET", "/api/v1/orders?userId=" + UUID.randomUUID(), null));
		Order another = this.customer.awaitSettled(this.customer.place(request));
		asker.ask(customers, made("POST", "/api/v1/orders/" + another.id() + "/cancellation", null));
		inTheMiddle(asker, "/retry", admins);
		inTheMiddle(asker, "/compensation", admins);
		tooMuch(asker);
		deadLetters("order", asker);
	}

	/** While the provider is slow to answer, a saga can still be moved by hand. */
	private void inTheMiddle(Asker asker, String what, String admins) {
		Order slow = this.customer.place(OrderRequest.of(this.products.getFirst(), 1).payingWith("pm_sim_slow"));
		asker.ask(admins, made("POST", "/api/v1/operations/sagas/" + slow.id() + what, null));
		this.customer.await(slow.id(), Order.SETTLED, RunningPlatform.PATIENCE);
	}

	/** More than one buyer may have under way. */
	private void tooMuch(Asker asker) {
		Session greedy = this.platform.api().newCustomer(email(), this.password);
		OrderRequest slow = OrderRequest.of(this.products.getFirst(), 999).payingWith("pm_sim_slow");
		for (int i = 0; i < 4; i++) {
			asker.ask(greedy.token(),
					header(made("POST", "/api/v1/orders", slow), "Idempotency-Key", "contract-slow-" + i));
		}
	}

	private void payments(Asker asker) {
		String admins = this.admin.token();
		Map<String, Object> refund = Map.of("amount", Money.eur(1), "reason", "r");
		// Those that are known may have been given back with their orders.
		Order paid = this.customer.awaitSettled(this.customer.place(OrderRequest.of(this.products.getFirst(), 1)));
		String path = "/api/v1/payments/" + this.customer.payments(paid.id()).getFirst().id() + "/refunds";
		asker.ask(admins, header(made("POST", path, refund), "Idempotency-Key", "contract-2"));
		asker.ask(admins, made("GET", path, null));
		Order declined = this.customer.awaitSettled(
				this.customer.place(OrderRequest.of(this.products.getFirst(), 1).payingWith("pm_card_chargeDeclined")));
		UUID nothing = this.customer.payments(declined.id()).getFirst().id();
		asker.ask(admins, header(made("POST", "/api/v1/payments/" + nothing + "/refunds", refund), "Idempotency-Key",
				"contract-3"));
		deadLetters("payment", asker);
	}

	private void deadLetters(String service, Asker asker) {
	}

	String serviceToken() {
		return this.serviceToken;
	}

	private static Made made(String method, String target, @Nullable Object body) {
		return new Made(method, target, (body != null) ? Map.of("Content-Type", "application/json") : Map.of(),
				(body != null) ? Json.write(body).getBytes(StandardCharsets.UTF_8) : null);
	}

	private static Made typed(Made made, String type) {
		return header(made, "Content-Type", type);
	}

	private static Made accepting(Made made, String type) {
		return header(made, "Accept", type);
	}

	private static Made header(Made made, String name, String value) {
		Map<String, String> headers = new java.util.HashMap<>(made.headers());
		headers.put(name, value);
		return new Made(made.method(), made.target(), headers, made.body());
	}

	private static String email() {
		return "contract-" + UUID.randomUUID() + "@sagamart.example";
	}

}
