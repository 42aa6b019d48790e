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

	private static final List<PartName> DOORS = List.of(Parts.API_GATEWAY, Parts.USER_SERVICE);

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private OAuthAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		OAuthAttacks all = new OAuthAttacks(scene);
		all.redirects();
		all.grants();
		all.clients();
		all.codes();
		all.tokensOfOtherKinds();
		return all.attacks;
	}

	/** Whoever is to be sent somewhere must be sent to a registered place. */
	private void redirects() {
		for (String target : List.of("https://evil.example/callback", "http://127.0.0.1:49152/callback/../evil",
				"http://127.0.0.1:49152/callback2", "http://127.0.0.1:49152/callback?next=http://evil.example",
				"http://127.0.0.1@evil.example/callback", "http://127.0.0.1.evil.example/callback",
				"//evil.example/callback", "http://127.0.0.1:49152/callback#fragment", "javascript:alert(1)",
				"http://localhost:49152/callback", "https://127.0.0.1:49152/callback",
				"http://127.0.0.1:49152/CALLBACK", "http://127.0.0.1:49152/callback%2f..")) {
			goesNowhere("a redirect to " + target, Browser.encoded(with("redirect_uri", target)));
		}
		goesNowhere("a client that nobody knows", Browser.encoded(with("client_id", "evil-web")));
		goesNowhere("a service's client at the browser's endpoint", Browser.encoded(with("client_id", SERVICE)));
		goesNowhere("two places to redirect to",
				Browser.encoded(authorization()) + "&redirect_uri=https%3A%2F%2Fevil.example%2Fcallback");
		goesNowhere("no client", "response_type=code&redirect_uri=" + CALLBACK);
		errorAtTheClient("no challenge", without("code_challenge"), "invalid_request");
		errorAtTheClient("a plain challenge", with("code_challenge_method", "plain"), "invalid_request");
		errorAtTheClient("a challenge whose method is missing", without("code_challenge_method"), "invalid_request");
		errorAtTheClient("the implicit grant", with("response_type", "token"), "unsupported_response_type");
		errorAtTheClient("a hybrid grant", with("response_type", "code token"), "unsupported_response_type");
		errorAtTheClient("a scope that is not the client's", with("scope", "openid catalogue.read"), "invalid_scope");
		errorAtTheClient("a role and a scope that is not the client's", with("scope", "openid ADMIN catalogue.read"),
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
		String secret = this.scene.platform().serviceClientSecret();
		basic("a wrong client secret", asService, SERVICE, "wrong", 401, "invalid_client");
		basic("an empty client secret", asService, SERVICE, "", 400, "invalid_request");
		basic("a secret and one character", asService, SERVICE, secret + "x", 401, "invalid_client");
		basic("a secret of a client that nobody knows", asService, "payment-service", secret, 401, "invalid_client");
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
		token("a code that nobody got", exchange("a-code", VERIFIER), 400, "invalid_grant");
		atEachDoor("a code with a wrong verifier", (door) -> {
			assertRefused(door, exchange(code(door), VERIFIER.replace('a', 'b')), "invalid_grant");
		});
		atEachDoor("a code without a verifier", (door) -> {
			Map<String, String> exchange = exchange(code(door), VERIFIER);
			exchange.remove("code_verifier");
			Answer answer = ask(door, form("/oauth2/token", exchange));
			assertThat(answer.status()).as(answer.body()).isIn(400, 401);
			assertThat(answer.body()).doesNotContain("access_token");
		});
		atEachDoor("a code with the challenge as verifier",
				(door) -> assertRefused(door, exchange(code(door), challenge(VERIFIER)), "invalid_grant"));
		atEachDoor("a code for another redirect", (door) -> {
			Map<String, String> exchange = exchange(code(door), VERIFIER);
			exchange.put("redirect_uri", "http://127.0.0.1:1/callback");
			assertRefused(door, exchange, "invalid_grant");
		});
		atEachDoor("a code of another client", (door) -> {
			Map<String, String> exchange = exchange(code(door), VERIFIER);
			exchange.remove("client_id");
			Answer answer = ask(door, form("/oauth2/token", exchange).header("Authorization",
					basic(SERVICE, this.scene.platform().serviceClientSecret())));
			assertThat(answer.status()).as(answer.body()).isEqualTo(400);
			assertThat(answer.code()).isIn("invalid_grant", "unauthorized_client");
		});
		atEachDoor("a code twice", (door) -> {
			String code = code(door);
			Answer first = ask(door, form("/oauth2/token", exchange(code, VERIFIER)));
			assertThat(first.status()).as(first.body()).isEqualTo(200);
			assertRefused(door, exchange(code, VERIFIER), "invalid_grant");
			assertRefused(door, Map.of("grant_type", "refresh_token", "client_id", CLIENT, "refresh_token",
					first.json().path("refresh_token").asString()), "invalid_grant");
		});
		token("a refresh token that nobody got",
				Map.of("grant_type", "refresh_token", "client_id", CLIENT, "refresh_token", "x".repeat(43)), 400,
				"invalid_grant");
		this.attacks
			.add(attack("a log-in form from another site")
				.send(Parts.USER_SERVICE,
						form("/login?" + Browser.encoded(authorization()), Map.of("email",
								this.scene.attacker().email(), "password", this.scene.attacker().password())))
				.refused(403, "ACCESS_DENIED"));
	}

	/** Good for something, and not for what is asked. */
	private void tokensOfOtherKinds() {
		this.attacks.add(attack("an id token as access token", () -> {
			Answer tokens = ask(Parts.API_GATEWAY, form("/oauth2/token", exchange(code(Parts.API_GATEWAY), VERIFIER)));
			String idToken = tokens.json().path("id_token").asString();
			assertThat(idToken).startsWith("eyJ");
			for (PartName part : PartName.SERVICES) {
				Answer answer = ask(part, Request.get(protectedPath(part)).bearer(idToken));
				assertThat(answer.status() + answer.code()).as(part.text()).isEqualTo("401INVALID_TOKEN");
			}
		}));
		this.attacks.add(attack("a service's token where users are asked for", () -> {
			String token = this.scene.platform().serviceToken();
			for (PartName part : PartName.SERVICES) {
				Answer answer = ask(part, Request.get(protectedPath(part)).bearer(token));
				assertThat(answer.status() + answer.code()).as(part.text()).isEqualTo("403ACCESS_DENIED");
			}
		}));
		for (String path : List.of("/oauth2/introspect", "/oauth2/device_authorization", "/oauth2/par",
				"/connect/register", "/connect/logout", "/oauth2/device_verification")) {
			this.attacks.add(
					attack("the endpoint " + path)
						.send(Parts.USER_SERVICE,
								form(path, Map.of("token", "x", "client_id", CLIENT))
									.bearer(this.scene.admin().token()))
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

	private void goesNowhere(String name, String query) {
		atEachDoor(name, (door) -> {
			Answer answer = ask(door, Request.get("/oauth2/authorize?" + query));
			assertThat(answer.status()).as(answer.body()).isEqualTo(400);
			assertThat(answer.header("Location")).isEmpty();
		});
	}

	private void errorAtTheClient(String name, Map<String, String> parameters, String error) {
		atEachDoor(name, (door) -> {
			Answer answer = ask(door, Request.get("/oauth2/authorize?" + Browser.encoded(parameters)));
			assertThat(answer.status()).as(answer.body()).isIn(302, 303, 400);
			assertThat(answer.header("Location")).doesNotContain("/login", "code=", "access_token");
			assertThat(answer.status() == 400 || answer.header("Location").contains("error=" + error)).isTrue();
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

	private void atEachDoor(String name, Step step) {
		this.attacks.add(attack("authorisation with " + name, () -> {
			for (PartName door : DOORS) {
				step.at(door);
			}
		}));
	}

	private void assertRefused(PartName door, Map<String, String> parameters, String error) {
		Answer answer = ask(door, form("/oauth2/token", parameters));
		assertThat(answer.status() + answer.code()).as(door.text()).isEqualTo("400" + error);
	}

	private String code(PartName door) throws Exception {
		try (Browser browser = new Browser(this.scene.platform().url(door))) {
			return browser.logIn(authorization(), this.scene.attacker().email(), this.scene.attacker().password());
		}
	}

	private Answer ask(PartName door, Request request) {
		return Wire.ask(this.scene.platform().url(door), request, null);
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

		void at(PartName door) throws Exception;

	}

}
