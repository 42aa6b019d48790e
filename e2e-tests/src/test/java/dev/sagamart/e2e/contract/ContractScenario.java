package dev.sagamart.e2e.contract;

import dev.sagamart.e2e.Parts;
import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.client.Address;
import dev.sagamart.e2e.client.AuthenticatorApp;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.e2e.contract.Generator.GeneratedRequest;
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
import tools.jackson.databind.json.JsonMapper;

/**
 * The accounts and data of the contract tests, and the scripted requests whose responses
 * depend on earlier requests.
 */
final class ContractScenario {

	/**
	 * Operations that would delete what other requests need; only scripts call them.
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

	ContractScenario(RunningPlatform platform) {
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

	/** Sends a request of a script. */
	interface RequestSender {

		void send(String token, GeneratedRequest generated);

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

	/** Existing ids by the name of a parameter or field. */
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

	/** Sends the requests whose responses depend on earlier requests. */
	void scripts(PartName service, RequestSender sender) {
		switch (service.text()) {
			case "user-service" -> users(sender);
			case "product-service" -> products(sender);
			case "order-service" -> orders(sender);
			default -> payments(sender);
		}
	}

	private void users(RequestSender sender) {
		String othersEmail = email();
		Session before = this.platform.api().newCustomer(othersEmail, this.password);
		String roles = "/api/v1/users/" + before.userId() + "/roles";
		Map<String, Object> both = Map.of("roles", List.of("ADMIN", "CUSTOMER"));
		String admins = this.admin.token();
		sender.send(before.token(), request("PUT", roles, both));
		sender.send(admins, request("PUT", roles, both));
		Session other = this.platform.api().login(othersEmail, this.password);
		sender.send(admins, request("PUT", roles, Map.of()));
		sender.send(admins, request("PUT", roles, 1));
		sender.send("", request("PUT", roles, both));
		sender.send(admins, request("PUT", "/api/v1/users/" + UUID.randomUUID() + "/roles", both));
		sender.send(admins, typed(request("PUT", roles, both), "text/plain"));
		sender.send(admins, accepting(request("PUT", roles, both), "application/xml"));
		sender.send(admins, request("PUT", roles, " ".repeat(1024 * 1024)));
		String address = this.customer.post("/api/v1/users/me/addresses", Address.usual())
			.expect(201)
			.json()
			.path("id")
			.asString();
		sender.send(this.customer.token(), request("DELETE", "/api/v1/users/me/addresses/" + address, null));
		sender.send("",
				request("POST", "/api/v1/sessions", Map.of("email", this.customersEmail, "password", this.password)));
		Map<String, String> wrong = Map.of("email", email(), "password", "not-the-password");
		for (int i = 0; i < 12; i++) {
			sender.send("", request("POST", "/api/v1/sessions", wrong));
		}
		Reply tokens = this.platform.api().tryToLogin(this.customersEmail, this.password).expect(201);
		Map<String, String> token = Map.of("refreshToken", tokens.json().path("refreshToken").asString());
		sender.send("", request("POST", "/api/v1/sessions/refresh", token));
		sender.send("", request("POST", "/api/v1/sessions/refresh", token));
		sender.send(this.customer.token(), request("DELETE", "/api/v1/sessions/current", token));
		emails(sender);
		secondFactors(sender);
		sender.send("", request("POST", "/api/v1/users",
				Map.of("email", this.adminsEmail, "name", "N", "password", this.password)));
		for (int i = 0; i < 60; i++) {
			sender.send(other.token(), request("POST", "/api/v1/users/me/addresses", Address.usual()));
		}
		sender.send("", request("DELETE", "/api/v1/users/me", null));
		sender.send(this.serviceToken(), request("DELETE", "/api/v1/users/me", null));
		sender.send(other.token(), request("DELETE", "/api/v1/users/me", null));
		sender.send(other.token(), request("DELETE", "/api/v1/users/me", null));
		sender.send(other.token(), request("GET", "/api/v1/users/me", null));
		sender.send(other.token(), request("PUT", "/api/v1/users/me", Map.of("name", "N")));
		sender.send(other.token(), request("PUT", "/api/v1/users/me/preferences",
				Map.of("locale", "en", "currency", "EUR", "marketingEmails", true)));
		sender.send(other.token(), request("POST", "/api/v1/users/me/addresses", Address.usual()));
	}

	private void emails(RequestSender sender) {
		String path = "/api/v1/users/me/email";
		String token = this.platform.api().newCustomer(email(), this.password).token();
		GeneratedRequest right = request("PUT", path, Map.of("email", email(), "password", this.password));
		sender.send(token, right);
		sender.send("", right);
		sender.send(this.serviceToken(), right);
		sender.send(token, request("PUT", path, 1));
		sender.send(token, request("PUT", path, Map.of()));
		sender.send(token, typed(right, "text/plain"));
		sender.send(token, request("PUT", path, " ".repeat(1024 * 1024)));
		for (int i = 0; i < 12; i++) {
			sender.send(token, request("PUT", path, Map.of("email", email(), "password", "not-the-password")));
		}
	}

	private void secondFactors(RequestSender sender) {
		String path = "/api/v1/users/me/second-factor";
		String email = email();
		Session session = this.platform.api().newCustomer(email, this.password);
		Map<String, Object> own = Map.of("password", this.password, "code", "000000");
		sender.send(session.token(), request("DELETE", path, own));
		for (GeneratedRequest generated : List.of(request("POST", path, Map.of("password", this.password)),
				request("DELETE", path, own))) {
			sender.send("", generated);
			sender.send(this.serviceToken(), generated);
			sender.send(session.token(), typed(generated, "text/plain"));
			sender.send(session.token(), request(generated.method(), path, 1));
			sender.send(session.token(), request(generated.method(), path, Map.of()));
			sender.send(session.token(), request(generated.method(), path, " ".repeat(1024 * 1024)));
		}
		sender.send(session.token(), request("POST", path, Map.of("password", this.password)));
		AuthenticatorApp app = AuthenticatorApp.begin(session, this.password);
		sender.send(session.token(), request("PUT", path, Map.of("code", app.code())));
		String enrolled = logIn(email, app.codeIn(1));
		sender.send(enrolled, request("POST", path, Map.of("password", this.password)));
		sender.send(enrolled, request("DELETE", path, own));
		String others = "/api/v1/users/" + this.platform.api().session(enrolled).userId() + "/second-factor";
		sender.send(enrolled, request("DELETE", others, null));
		sender.send(this.admin.token(), request("DELETE", others, null));
		removedSecondFactor(path, sender);
		guessedCodes(path, sender);
	}

	private void removedSecondFactor(String path, RequestSender sender) {
		String email = email();
		AuthenticatorApp app = AuthenticatorApp.enrol(this.platform.api().newCustomer(email, this.password),
				this.password);
		sender.send(logIn(email, app.recoveryCodes().getFirst()),
				request("DELETE", path, Map.of("password", this.password, "code", app.recoveryCodes().getLast())));
	}

	private void guessedCodes(String path, RequestSender sender) {
		Session guesser = this.platform.api().newCustomer(email(), this.password);
		AuthenticatorApp app = AuthenticatorApp.begin(guesser, this.password);
		Map<String, String> wrong = Map.of("password", "not-the-password");
		for (int i = 0; i < 12; i++) {
			sender.send(guesser.token(), request("PUT", path, Map.of("code", app.wrongCode())));
			sender.send(guesser.token(), request("POST", path, wrong));
		}
		sender.send(guesser.token(), request("DELETE", path, Map.of("password", "not-the-password", "code", "000000")));
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

	private void products(RequestSender sender) {
		String admins = this.admin.token();
		Product product = this.admin.createProduct(Money.eur(100), 10);
		String path = "/api/v1/products/" + product.id();
		String tag = this.admin.get(path).expect(200).header("ETag");
		sender.send("", header(request("GET", path, null), "If-None-Match", tag));
		Map<String, Object> taken = Map.of("sku", this.products.getFirst().sku(), "name", "N", "description", "D",
				"category", "toys", "price", Money.eur(1), "initialStock", 1);
		sender.send(admins, request("POST", "/api/v1/products", taken));
		Map<String, Object> change = Map.of("sku", this.products.getFirst().sku(), "name", "N", "description", "D",
				"category", "toys", "price", Money.eur(1));
		sender.send(admins, request("PUT", path, change));
		sender.send(admins, header(request("PUT", path, change), "If-Match", "\"77\""));
		sender.send(admins, request("POST", path + "/stock-adjustments", Map.of("delta", -1000, "reason", "r")));
		sender.send(admins, request("DELETE", "/api/v1/products/x", null));
		sender.send("", request("DELETE", path, null));
		sender.send(this.customer.token(), request("DELETE", path, null));
		sender.send(admins, header(request("DELETE", path, null), "If-Match", "\"77\""));
		sender.send(admins, request("DELETE", path, null));
		sender.send(admins, request("DELETE", "/api/v1/products/" + UUID.randomUUID(), null));
		restorations(product, sender);
		for (String known : List.of("/api/v1/products", "/api/v1/categories", path + "/recommendations",
				path + "/image")) {
			sender.send("", header(request("GET", known, null), "If-None-Match", "*"));
		}
	}

	private void restorations(Product discontinued, RequestSender sender) {
		String admins = this.admin.token();
		String path = "/api/v1/products/" + discontinued.id() + "/restoration";
		sender.send("", request("POST", path, null));
		sender.send(this.customer.token(), request("POST", path, null));
		sender.send(admins, header(request("POST", path, null), "If-Match", "\"77\""));
		sender.send(admins, request("POST", path, null));
		sender.send(admins, request("POST", "/api/v1/products/x/restoration", null));
		sender.send(admins, request("POST", "/api/v1/products/" + UUID.randomUUID() + "/restoration", null));
		sender.send(admins, request("DELETE", "/api/v1/products/" + discontinued.id(), null));
		sender.send(admins, request("POST", "/api/v1/products", Map.of("sku", discontinued.sku(), "name", "N",
				"description", "D", "category", "toys", "price", Money.eur(1), "initialStock", 1)));
		sender.send(admins, request("POST", path, null));
	}

	private void orders(RequestSender sender) {
		String admins = this.admin.token();
		String customers = this.customer.token();
		OrderRequest request = OrderRequest.of(this.products.getFirst(), 1);
		sender.send(customers, header(request("POST", "/api/v1/orders", request), "Idempotency-Key", "contract-1"));
		sender.send(customers, header(request("POST", "/api/v1/orders", OrderRequest.of(this.products.getFirst(), 2)),
				"Idempotency-Key", "contract-1"));
		Order order = this.customer.awaitSettled(this.customer.place(request));
		String path = "/api/v1/orders/" + order.id();
		sender.send(admins, request("POST", path + "/delivery", null));
		sender.send(admins, request("POST", path + "/shipment", null));
		sender.send(admins, request("POST", path + "/delivery", null));
		sender.send(admins, request("POST", path + "/shipment", null));
		sender.send(customers, request("POST", path + "/cancellation", null));
		sender.send(admins, request("POST", "/api/v1/operations/sagas/" + order.id() + "/retry", null));
		sender.send(admins, request("POST", "/api/v1/operations/sagas/" + order.id() + "/compensation", null));
		sender.send(customers, header(request("GET", path + "/events", null), "Last-Event-ID", "9999"));
		sender.send(customers, request("GET", "/api/v1/orders?userId=" + UUID.randomUUID(), null));
		Order another = this.customer.awaitSettled(this.customer.place(request));
		sender.send(customers, request("POST", "/api/v1/orders/" + another.id() + "/cancellation", null));
		movePendingSaga(sender, "/retry", admins);
		movePendingSaga(sender, "/compensation", admins);
		sender.send(admins, request("GET", "/api/v1/operations/sagas?olderThan=PT-1S", null));
		Map<String, Object> none = Map.of("filter", Map.of("olderThan", "P30D"), "dryRun", false);
		sender.send(admins, request("POST", "/api/v1/operations/sagas/retry", none));
		sender.send(admins, request("POST", "/api/v1/operations/sagas/compensation", none));
		tooManyOpenOrders(sender);
	}

	/** Sends an operator's command to a saga that waits for a slow provider. */
	private void movePendingSaga(RequestSender sender, String what, String admins) {
		Order slow = this.customer.place(OrderRequest.of(this.products.getFirst(), 1).payingWith("pm_sim_slow"));
		sender.send(admins, request("POST", "/api/v1/operations/sagas/" + slow.id() + what, null));
		this.customer.await(slow.id(), Order.SETTLED, RunningPlatform.TIMEOUT);
	}

	/** Places more open orders than a buyer may have. */
	private void tooManyOpenOrders(RequestSender sender) {
		Session greedy = this.platform.api().newCustomer(email(), this.password);
		OrderRequest slow = OrderRequest.of(this.products.getFirst(), 999).payingWith("pm_sim_slow");
		for (int i = 0; i < 4; i++) {
			sender.send(greedy.token(),
					header(request("POST", "/api/v1/orders", slow), "Idempotency-Key", "contract-slow-" + i));
		}
	}

	private void payments(RequestSender sender) {
		String admins = this.admin.token();
		Map<String, Object> refund = Map.of("amount", Money.eur(1), "reason", "r");
		// The known payments may be refunded, because their orders were cancelled.
		Order paid = this.customer.awaitSettled(this.customer.place(OrderRequest.of(this.products.getFirst(), 1)));
		String path = "/api/v1/payments/" + this.customer.payments(paid.id()).getFirst().id() + "/refunds";
		sender.send(admins, header(request("POST", path, refund), "Idempotency-Key", "contract-2"));
		sender.send(admins, request("GET", path, null));
		Order declined = this.customer.awaitSettled(
				this.customer.place(OrderRequest.of(this.products.getFirst(), 1).payingWith("pm_card_chargeDeclined")));
		UUID nothing = this.customer.payments(declined.id()).getFirst().id();
		sender.send(admins, header(request("POST", "/api/v1/payments/" + nothing + "/refunds", refund),
				"Idempotency-Key", "contract-3"));
	}

	String serviceToken() {
		return this.serviceToken;
	}

	private static GeneratedRequest request(String method, String target, @Nullable Object body) {
		return new GeneratedRequest(method, target,
				(body != null) ? Map.of("Content-Type", "application/json") : Map.of(),
				(body != null) ? JsonMapper.shared().writeValueAsString(body).getBytes(StandardCharsets.UTF_8) : null);
	}

	private static GeneratedRequest typed(GeneratedRequest generated, String type) {
		return header(generated, "Content-Type", type);
	}

	private static GeneratedRequest accepting(GeneratedRequest generated, String type) {
		return header(generated, "Accept", type);
	}

	private static GeneratedRequest header(GeneratedRequest generated, String name, String value) {
		Map<String, String> headers = new java.util.HashMap<>(generated.headers());
		headers.put(name, value);
		return new GeneratedRequest(generated.method(), generated.target(), headers, generated.body());
	}

	private static String email() {
		return "contract-" + UUID.randomUUID() + "@sagamart.example";
	}

}
