package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.WholePlatform;
import dev.sagamart.e2e.attack.Scenario.Account;
import dev.sagamart.e2e.client.Address;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.AuthenticatorApp;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.local.PartName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * I10: secrets that were used on the platform in valid and invalid requests, and the
 * personal data of an erased user, are not stored or logged anywhere.
 */
@WholePlatform
class CanariesIntegrationTests {

	private final RunningPlatform platform;

	private final Api api;

	private final Map<String, String> canaries = new LinkedHashMap<>();

	CanariesIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.api = platform.api();
	}

	@Test
	void areFoundNowhere() throws Exception {
		Product product = this.platform.admin().createProduct(Money.eur(300), 10);
		this.platform.awaitOnPriceList(product);
		Account customer = Scenario.newAccount(this.api);
		useSecrets(customer, product);
		useSecondFactor();
		Order order = forget(product);
		this.platform.awaitQuiet();
		this.canaries.put("the master key", this.platform.signingMasterKey());
		this.canaries.put("a client's secret", this.platform.serviceClientSecret());
		StoredData storedData = StoredData.read(this.platform);
		assertThat(storedData.sourcesOf(order.id().toString())).as("known data is found")
			.contains("table orders.orders", "topic order.events", "topic payment.commands");
		assertThat(storedData.sourcesOf("http_server_requests_seconds")).contains("metrics of order-service");
		assertThat(storedData.sourcesOf("Reference Handler")).contains("threads of user-service");
		Map<String, List<String>> found = new LinkedHashMap<>();
		this.canaries.forEach((what, word) -> {
			List<String> where = storedData.sourcesOf(word);
			if (!where.isEmpty()) {
				found.put(what, where);
			}
		});
		assertThat(found).isEmpty();
	}

	private void useSecrets(Account customer, Product product) {
		this.canaries.put("a password", customer.password());
		this.canaries.put("the signature of an access token",
				customer.token().substring(customer.token().lastIndexOf('.') + 1));
		this.canaries.put("a refresh token", customer.refreshToken());
		String wrong = canary("a wrong password");
		String card = "4929" + ThreadLocalRandom.current().nextLong(100_000_000_000L, 999_999_999_999L);
		this.canaries.put("a card number", card);
		for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.USER_SERVICE)) {
			String credentials = "{\"email\": \"" + customer.email() + "\", \"password\": \"%s\"}";
			ask(entryPoint, Request.post("/api/v1/sessions", credentials.formatted(wrong)));
			ask(entryPoint, Request.post("/api/v1/sessions", credentials.formatted(wrong) + "}"));
			ask(entryPoint, Request.post("/api/v1/users", credentials.formatted(wrong).replace("}", ", \"name\": 1}")));
			ask(entryPoint, Request.post("/api/v1/users",
					credentials.formatted(wrong).replace("}", ", \"" + wrong + "\": 1}")));
			ask(entryPoint, Request.get("/api/v1/users/me").header("Authorization", "Basic " + wrong));
			ask(entryPoint, Request.get("/api/v1/users/me?access_token=" + customer.token()));
			ask(entryPoint, Request.get("/api/v1/users/me").bearer(customer.token() + "x"));
			ask(entryPoint, Request.post("/api/v1/sessions/refresh", "{\"refreshToken\": \"" + wrong + "\"}"));
			ask(entryPoint, Request.post("/api/v1/email-confirmations", "{\"token\": \"" + wrong + "\"}"));
			ask(entryPoint, Request.put("/api/v1/password-resets/" + wrong, "{\"password\": \"" + wrong + "\"}"));
		}
		for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.ORDER_SERVICE)) {
			String order = """
					{"items": [{"productId": "%s", "quantity": 1}], "paymentMethod": "%s", %s"shippingAddress": {
					 "recipient": "A", "line1": "B", "city": "C", "postalCode": "10115", "country": "DE"}}""";
			for (String json : List.of(order.formatted(product.id(), card, ""),
					order.formatted(product.id(), "pm_card_visa", "\"cardNumber\": \"" + card + "\", "),
					order.formatted(product.id(), "pm_card_visa", "\"" + card + "\": 1, "))) {
				ask(entryPoint,
						Request.post("/api/v1/orders", json)
							.bearer(customer.token())
							.header("Idempotency-Key", "card"));
			}
		}
		customer.session().get("/api/v1/orders").expect(200);
		customer.session().get("/api/v1/payments?orderId=" + UUID.randomUUID()).expect(200);
	}

	private void useSecondFactor() {
		Account account = Scenario.newAccount(this.api);
		AuthenticatorApp app = AuthenticatorApp.enrol(account.session(), account.password());
		this.canaries.put("the secret of a second factor", app.secret());
		this.canaries.put("a recovery code", app.recoveryCodes().getFirst());
		this.canaries.put("a used recovery code", app.recoveryCodes().getLast());
		Map<String, String> used = Map.of("email", account.email(), "password", account.password(), "code",
				app.recoveryCodes().getLast());
		this.api.anonymous().post("/api/v1/sessions", used).expect(201);
		for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.USER_SERVICE)) {
			ask(entryPoint, Request.post("/api/v1/sessions", JsonMapper.shared().writeValueAsString(used)));
			ask(entryPoint, Request.post("/api/v1/sessions", JsonMapper.shared().writeValueAsString(used) + "}"));
		}
	}

	/** Registers a user, storedData an order and erases the user. */
	private Order forget(Product product) {
		String email = canary("an erased email") + "@sagamart.example";
		Account erased = logIn(email, canary("an erased user's password"), canary("an erased name"));
		Address address = new Address(canary("an erased recipient"), canary("an erased street"), null,
				canary("an erased city"), "10115", "DE");
		erased.session().post("/api/v1/users/me/addresses", address).expect(201);
		Order order = erased.session().awaitSettled(erased.session().place(OrderRequest.of(product, 1).to(address)));
		this.platform.admin().ship(order).expect(200);
		this.platform.admin().deliver(order).expect(200);
		erased.session().get("/api/v1/users/me/notifications").expect(200);
		erased.session().delete("/api/v1/users/me").expect(204);
		org.awaitility.Awaitility.await("the order to be anonymous")
			.atMost(RunningPlatform.TIMEOUT)
			.until(() -> !this.platform.admin()
				.order(order.id())
				.shippingAddress()
				.recipient()
				.equals(address.recipient()));
		return order;
	}

	private Account logIn(String email, String password, String name) {
		this.api.anonymous()
			.post("/api/v1/users", Map.of("email", email, "password", password, "name", name))
			.expect(201);
		return Scenario.logIn(this.api, email, password);
	}

	/** Creates a unique word. */
	private String canary(String what) {
		String word = "canary" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36) + "bird";
		this.canaries.put(what, word);
		return word;
	}

	private void ask(PartName entryPoint, Request request) {
		assertThat(RawConnection.exchange(this.platform.url(entryPoint), request, null).status()).isBetween(400, 499);
	}

}
