package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;

import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A client with a valid token of an administrator, but without the needed scopes.
 */
final class ScopeAttacks {

	private final Scenario scenario;

	private final TokenForge forge;

	private final List<Attack> attacks = new ArrayList<>();

	private ScopeAttacks(Scenario scenario, TokenForge forge) {
		this.scenario = scenario;
		this.forge = forge;
	}

	static List<Attack> of(Scenario scenario, TokenForge forge) {
		ScopeAttacks all = new ScopeAttacks(scenario, forge);
		String order = "/api/v1/orders/" + scenario.order().id();
		String payment = "/api/v1/payments/" + scenario.payment().id();
		String product = "/api/v1/products/" + scenario.product().id();
		all.needs("orders", Parts.ORDER_SERVICE,
				Map.of("looking into the cart", Request.get("/api/v1/cart"), "emptying the cart",
						Request.delete("/api/v1/cart"), "listing orders", Request.get("/api/v1/orders"),
						"placing an order",
						Request.post("/api/v1/orders", scenario.orderOf("1"))
							.header("Idempotency-Key", UUID.randomUUID().toString()),
						"reading an order", Request.get(order), "cancelling an order",
						Request.of("POST", order + "/cancellation"), "watching an order",
						Request.get(order + "/events")));
		all.needs("payments", Parts.PAYMENT_SERVICE,
				Map.of("listing payments", Request.get("/api/v1/payments?orderId=" + scenario.order().id()),
						"reading a payment", Request.get(payment)));
		all.needs("users", Parts.USER_SERVICE,
				Map.of("changing the name", Request.put("/api/v1/users/me", "{\"name\": \"Mallory\"}"),
						"erasing the account", Request.delete("/api/v1/users/me"), "reading addresses",
						Request.get("/api/v1/users/me/addresses"), "reading preferences",
						Request.get("/api/v1/users/me/preferences"), "reading notifications",
						Request.get("/api/v1/users/me/notifications")));
		all.needsAdmin("orders", Parts.ORDER_SERVICE,
				Map.of("shipping an order", Request.of("POST", order + "/shipment"), "looking at the sagas",
						Request.get("/api/v1/operations/sagas"), "listing somebody's orders",
						Request.get("/api/v1/orders?userId=" + scenario.victim().id())));
		all.needsAdmin("payments", Parts.PAYMENT_SERVICE,
				Map.of("reconciling", Request.get("/api/v1/payments/reconciliation"), "refunding",
						Request
							.post(payment + "/refunds",
									"{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}, \"reason\": \"mine\"}")
							.header("Idempotency-Key", UUID.randomUUID().toString())));
		all.needsAdmin("users", Parts.USER_SERVICE, Map.of("listing users", Request.get("/api/v1/users"),
				"giving a role",
				Request.put("/api/v1/users/" + scenario.attacker().id() + "/roles", "{\"roles\": [\"ADMIN\"]}")));
		all.needsAdmin("products", Parts.PRODUCT_SERVICE, Map.of("looking at the stock",
				Request.get(product + "/stock"), "discontinuing a product", Request.delete(product)));
		all.add("reading the audit with every scope but admin", Parts.API_GATEWAY,
				Request.get("/api/v1/operations/audit"), "openid profile users products orders payments");
		return all.attacks;
	}

	/** Sends the requests with all scopes except the needed one. */
	private void needs(String scope, PartName service, Map<String, Request> requests) {
		List<String> others = new ArrayList<>(List.of("openid", "users", "products", "orders", "payments", "admin"));
		others.remove(scope);
		requests.forEach((name, request) -> {
			add(name + " with every scope but " + scope, service, request, String.join(" ", others));
			add(name + " with no scope", service, request, "");
		});
	}

	/** Sends the requests with the service's scope, which is not enough for an ADMIN. */
	private void needsAdmin(String scope, PartName service, Map<String, Request> requests) {
		requests.forEach((name, request) -> {
			add(name + " with the scope " + scope + " only", service, request, scope + " openid profile");
			add(name + " with the scope admin only", service, request, "admin");
		});
	}

	private void add(String name, PartName service, Request request, String scopes) {
		Map<String, Object> claims = this.forge.claimsWith("client_id", "sagamart-web");
		claims.put("scope", scopes);
		Request asClient = request.bearer(this.forge.signedByIssuer(claims));
		this.attacks
			.add(service.equals(Parts.API_GATEWAY) ? attack(name).throughGateway(asClient).refused(403, "ACCESS_DENIED")
					: attack(name).send(service, asClient).refused(403, "ACCESS_DENIED"));
	}

}
