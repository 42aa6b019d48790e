package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.local.PartName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Codes, clients, redirects and scopes of the OAuth endpoints. */
final class OAuthAttacks {

	private static final String CALLBACK = "http://127.0.0.1:49152/callback";

	private static final String VERIFIER = "a-verifier-of-at-least-forty-three-characters";

	private static final String CLIENT = "sagamart-web";

	private static final String SERVICE = "order-service";

	private static final List<PartName> ENTRY_POINTS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	private OAuthAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario) {
		OAuthAttacks all = new OAuthAttacks(scenario);
		all.redirects();
		all.grants();
		all.clients();
		all.codes();
		all.otherTokens();
		return all.attacks;
	}

	/** Redirects must go to a registered URI. */
	private void redirects() {
		for (String target : List.of("https://evil.example/callback", "http://127.0.0.1:49152/callback/../evil",
				"http://127.0.0.1:49152/callback2", "http://127.0.0.1:49152/callback?next=http://evil.example",
				"http://127.0.0.1@evil.example/callback", "http://127.0.0.1.evil.example/callback",
				"//evil.example/callback", "http://127.0.0.1:49152/callback#fragment", "javascript:alert(1)",
				"http://localhost:49152/callback", "https://127.0.0.1:49152/callback",
				"http://127.0.0.1:49152/CALLBACK", "http://127.0.0.1:49152/callback%2f..")) {
			notRedirected("a redirect to " + target, Browser.encoded(with("redirect_uri", target)));
		}
		notRedirected("an unknown client", Browser.encoded(with("client_id", "evil-web")));
		notRedirected("a service's client at the browser's endpoint", Browser.encoded(with("client_id", SERVICE)));
		notRedirected("two redirect URIs",
				Browser.encoded(authorization()) + "&redirect_uri=https%3A%2F%2Fevil.example%2Fcallback");
		notRedirected("no client", "response_type=code&redirect_uri=" + CALLBACK);
		redirectedWithError("no challenge", without("code_challenge"), "invalid_request");
		redirectedWithError("a plain challenge", with("code_challenge_method", "plain"), "invalid_request");
		redirectedWithError("a challenge whose method is missing", without("code_challenge_method"), "invalid_request");
		redirectedWithError("the implicit grant", with("response_type", "token"), "unsupported_response_type");
		redirectedWithError("a hybrid grant", with("response_type", "code token"), "unsupported_response_type");
		redirectedWithError("a scope that is not the client's", with("scope", "openid catalogue.read"),
				"invalid_scope");
		redirectedWithError("a role and a scope that is not the client's", with("scope", "openid ADMIN catalogue.read"),
				"invalid_scope");
	}

	private void grants() {
		for (String grant : List.of("password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer",
				"urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange",
				"x")) {
			token("the grant " + grant, Map.of("grant_type", grant, "client_id", CLIENT, "username",
					"admin@sagamart.example", "password", "admin-demo-password"), 401, "invalid_client");
		}
	}

	private void clients() {
		Map<String, String> asService = Map.of("grant_type", "client_credentials", "scope", "catalogue.read");
		String secret = this.scenario.platform().serviceClientSecret();
		basic("a wrong client secret", asService, SERVICE, "wrong", 401, "invalid_client");
		basic("an empty client secret", asService, SERVICE, "", 400, "invalid_request");
		basic("a secret and one character", asService, SERVICE, secret + "x", 401, "invalid_client");
		basic("a secret of an unknown client", asService, "payment-service", secret, 401, "invalid_client");
		token("no client at all", asService, 401, "invalid_client");
		token("a confidential client without its secret",
				Map.of("grant_type", "client_credentials", "client_id", SERVICE), 401, "invalid_client");
		token("a public client for itself", Map.of("grant_type", "client_credentials", "client_id", CLIENT), 401,
				"invalid_client");
		for (String scope : List.of("openid", "ADMIN", "catalogue.write", "catalogue.read ADMIN", "*", "ROLE_ADMIN")) {
			basic("the scope " + scope, Map.of("grant_type", "client_credentials", "scope", scope), SERVICE, secret,
					400, "invalid_scope");
		}
		this.attacks.add(attack("a client secret in the query")
			.send(Parts.USER_SERVICE,
					form("/oauth2/token?client_id=" + SERVICE + "&client_secret=" + secret, asService))
			.refused(400, "invalid_request"));
		this.attacks
			.add(attack("a client twice")
				.send(Parts.USER_SERVICE, Request.of("POST", "/oauth2/token")
					.body("application/x-www-form-urlencoded", ("grant_type=client_credentials&client_id=a&client_id="
							+ SERVICE + "&client_secret=" + secret)
						.getBytes(StandardCharsets.UTF_8)))
				.refused(400, "invalid_request"));
	}

	private void codes() {
		token("an unknown code", exchange("a-code", VERIFIER), 400, "invalid_grant");
		atEachEntryPoint("a code with a wrong verifier", (entryPoint) -> {
			assertRefused(entryPoint, exchange(code(entryPoint), VERIFIER.replace('a', 'b')), "invalid_grant");
		});
		atEachEntryPoint("a code without a verifier", (entryPoint) -> {
			Map<String, String> exchange = exchange(code(entryPoint), VERIFIER);
			exchange.remove("code_verifier");
			Response response = ask(entryPoint, form("/oauth2/token", exchange));
			assertThat(response.status()).as(response.body()).isIn(400, 401);
			assertThat(response.body()).doesNotContain("access_token");
		});
		atEachEntryPoint("a code with the challenge as verifier", (entryPoint) -> assertRefused(entryPoint,
				exchange(code(entryPoint), challenge(VERIFIER)), "invalid_grant"));
		atEachEntryPoint("a code for another redirect", (entryPoint) -> {
			Map<String, String> exchange = exchange(code(entryPoint), VERIFIER);
			exchange.put("redirect_uri", "http://127.0.0.1:1/callback");
			assertRefused(entryPoint, exchange, "invalid_grant");
		});
		atEachEntryPoint("a code of another client", (entryPoint) -> {
			Map<String, String> exchange = exchange(code(entryPoint), VERIFIER);
			exchange.remove("client_id");
			Response response = ask(entryPoint, form("/oauth2/token", exchange).header("Authorization",
					basic(SERVICE, this.scenario.platform().serviceClientSecret())));
			assertThat(response.status()).as(response.body()).isEqualTo(400);
			assertThat(response.code()).isIn("invalid_grant", "unauthorized_client");
		});
		atEachEntryPoint("a code twice", (entryPoint) -> {
			String code = code(entryPoint);
			Response first = ask(entryPoint, form("/oauth2/token", exchange(code, VERIFIER)));
			assertThat(first.status()).as(first.body()).isEqualTo(200);
			assertRefused(entryPoint, exchange(code, VERIFIER), "invalid_grant");
			assertRefused(entryPoint, Map.of("grant_type", "refresh_token", "client_id", CLIENT, "refresh_token",
					first.json().path("refresh_token").asString()), "invalid_grant");
		});
		token("an unknown refresh token",
				Map.of("grant_type", "refresh_token", "client_id", CLIENT, "refresh_token", "x".repeat(43)), 400,
				"invalid_grant");
		this.attacks
			.add(attack("a log-in form from another site")
				.send(Parts.USER_SERVICE,
						form("/login?" + Browser.encoded(authorization()), Map.of("email",
								this.scenario.attacker().email(), "password", this.scenario.attacker().password())))
				.refused(403, "ACCESS_DENIED"));
	}

	/** Valid tokens that must not be accepted here. */
	private void otherTokens() {
		this.attacks.add(attack("an id token as access token", () -> {
			Response tokens = ask(Parts.API_GATEWAY,
					form("/oauth2/token", exchange(code(Parts.API_GATEWAY), VERIFIER)));
			String idToken = tokens.json().path("id_token").asString();
			assertThat(idToken).startsWith("eyJ");
			for (PartName part : PartName.SERVICES) {
				Response response = ask(part, Request.get(protectedPath(part)).bearer(idToken));
				assertThat(response.status() + response.code()).as(part.text()).isEqualTo("401INVALID_TOKEN");
			}
		}));
		this.attacks.add(attack("a service's token for functions of users", () -> {
			String token = this.scenario.platform().serviceToken();
			for (PartName part : PartName.SERVICES) {
				Response response = ask(part, Request.get(protectedPath(part)).bearer(token));
				assertThat(response.status() + response.code()).as(part.text()).isEqualTo("403ACCESS_DENIED");
			}
		}));
		for (String path : List.of("/oauth2/introspect", "/oauth2/device_authorization", "/oauth2/par",
				"/connect/register", "/connect/logout", "/oauth2/device_verification")) {
			this.attacks.add(
					attack("the endpoint " + path)
						.send(Parts.USER_SERVICE,
								form(path, Map.of("token", "x", "client_id", CLIENT))
									.bearer(this.scenario.admin().token()))
						.refused(404, "NOT_FOUND"));
		}
	}

	private static String protectedPath(PartName part) {
		return switch (part.text()) {
			case "api-gateway", "order-service" -> "/api/v1/orders";
			case "user-service" -> "/api/v1/users/me";
			case "product-service" -> "/api/v1/products/018f4e5a-0000-7000-8000-00000000000f/stock";
			default -> "/api/v1/payments?orderId=018f4e5a-0000-7000-8000-00000000000f";
		};
	}

	private void notRedirected(String name, String query) {
		atEachEntryPoint(name, (entryPoint) -> {
			Response response = ask(entryPoint, Request.get("/oauth2/authorize?" + query));
			assertThat(response.status()).as(response.body()).isEqualTo(400);
			assertThat(response.header("Location")).isEmpty();
		});
	}

	private void redirectedWithError(String name, Map<String, String> parameters, String error) {
		atEachEntryPoint(name, (entryPoint) -> {
			Response response = ask(entryPoint, Request.get("/oauth2/authorize?" + Browser.encoded(parameters)));
			assertThat(response.status()).as(response.body()).isIn(302, 303, 400);
			assertThat(response.header("Location")).doesNotContain("/login", "code=", "access_token");
			assertThat(response.status() == 400 || response.header("Location").contains("error=" + error)).isTrue();
		});
	}

	private void token(String name, Map<String, String> parameters, int status, String error) {
		this.attacks.add(attack("a token for " + name).send(Parts.USER_SERVICE, form("/oauth2/token", parameters))
			.refused(status, error));
	}

	private void basic(String name, Map<String, String> parameters, String client, String secret, int status,
			String error) {
		this.attacks.add(attack("a token for " + name)
			.send(Parts.USER_SERVICE, form("/oauth2/token", parameters).header("Authorization", basic(client, secret)))
			.refused(status, error));
	}

	private void atEachEntryPoint(String name, Step step) {
		this.attacks.add(attack("authorisation with " + name, () -> {
			for (PartName entryPoint : ENTRY_POINTS) {
				step.at(entryPoint);
			}
		}));
	}

	private void assertRefused(PartName entryPoint, Map<String, String> parameters, String error) {
		Response response = ask(entryPoint, form("/oauth2/token", parameters));
		assertThat(response.status() + response.code()).as(entryPoint.text()).isEqualTo("400" + error);
	}

	private String code(PartName entryPoint) throws Exception {
		try (Browser browser = new Browser(this.scenario.platform().url(entryPoint))) {
			return browser.logIn(authorization(), this.scenario.attacker().email(),
					this.scenario.attacker().password());
		}
	}

	private Response ask(PartName entryPoint, Request request) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint), request, null);
	}

	private static Request form(String path, Map<String, String> parameters) {
		return Request.of("POST", path)
			.body("application/x-www-form-urlencoded", Browser.encoded(parameters).getBytes(StandardCharsets.UTF_8));
	}

	private static String basic(String client, String secret) {
		return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
	}

	private static Map<String, String> exchange(String code, String verifier) {
		return new LinkedHashMap<>(Map.of("grant_type", "authorization_code", "client_id", CLIENT, "redirect_uri",
				CALLBACK, "code", code, "code_verifier", verifier));
	}

	private static Map<String, String> authorization() {
		return new LinkedHashMap<>(Map.of("response_type", "code", "client_id", CLIENT, "redirect_uri", CALLBACK,
				"scope", "openid profile", "state", "a-state", "nonce", "a-nonce", "code_challenge",
				challenge(VERIFIER), "code_challenge_method", "S256"));
	}

	private static Map<String, String> with(String name, String value) {
		Map<String, String> parameters = authorization();
		parameters.put(name, value);
		return parameters;
	}

	private static Map<String, String> without(String name) {
		Map<String, String> parameters = authorization();
		parameters.remove(name);
		return parameters;
	}

	private static String challenge(String verifier) {
		try {
			return Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString(
						MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@FunctionalInterface
	private interface Step {

		void at(PartName entryPoint) throws Exception;

	}

}
