package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.client.Address;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Payment;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * The accounts and data for attacks: an attacker, and a victim with an address, a cart
 * and a paid order.
 *
 * @param order a CONFIRMED order of the victim
 */
record Scenario(RunningPlatform platform, Account attacker, Account victim, Account admin, Product product, Order order,
		Payment payment, UUID addressId) {

	private static final Money PRICE = Money.eur(1500);

	/** An account with a session. */
	record Account(Session session, UUID id, String email, String password, String refreshToken) {

		String token() {
			return this.session.token();
		}

	}

	static Scenario create(RunningPlatform platform) {
		Account admin = logIn(platform.api(), "admin@sagamart.example", "admin-demo-password");
		Account victim = newAccount(platform.api());
		Product product = admin.session().createProduct(PRICE, 100);
		platform.awaitOnPriceList(product);
		Order order = victim.session().awaitSettled(victim.session().place(OrderRequest.of(product, 2)));
		Payment payment = victim.session().payments(order.id()).getFirst();
		victim.session().put("/api/v1/cart/items/" + product.id(), Map.of("quantity", 3)).expect(200);
		JsonNode address = victim.session().post("/api/v1/users/me/addresses", Address.usual()).expect(201).json();
		return new Scenario(platform, newAccount(platform.api()), victim, admin, product, order, payment,
				UUID.fromString(address.path("id").asString()));
	}

	/** Registers a new account and logs in. */
	static Account newAccount(Api api) {
		String email = "somebody-" + UUID.randomUUID() + "@sagamart.example";
		String password = "a-password-of-" + UUID.randomUUID();
		api.newCustomer(email, password);
		return logIn(api, email, password);
	}

	static Account logIn(Api api, String email, String password) {
		JsonNode tokens = api.tryToLogin(email, password).expect(201).json();
		Session session = api.session(tokens.path("accessToken").asString());
		return new Account(session, session.userId(), email, password, tokens.path("refreshToken").asString());
	}

	/** The JSON of an order of the product; the quantity may be invalid. */
	String orderOf(String quantity) {
		return orderWith("{\"productId\": \"" + this.product.id() + "\", \"quantity\": " + quantity + "}", "");
	}

	/** The JSON of an order with one item and additional fields. */
	String orderWith(String item, String more) {
		return """
				{"items": [%s], "paymentMethod": "pm_card_visa", "shippingAddress": {"recipient": "A", "line1": "B",
				 "city": "C", "postalCode": "10115", "country": "DE"}%s}""".formatted(item, more);
	}

	/** The attacker's request to place an order, with a new idempotency key. */
	Request placing(String json) {
		return Request.post("/api/v1/orders", json)
			.bearer(this.attacker.token())
			.header("Idempotency-Key", UUID.randomUUID().toString());
	}

}
