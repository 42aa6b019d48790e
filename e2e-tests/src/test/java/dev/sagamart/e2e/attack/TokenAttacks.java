package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Forged access tokens (RFC 8725), and valid tokens in wrong storedData. Each attack
 * requests a function of administrators from every service.
 */
final class TokenAttacks {

	private static final String INVALID = "INVALID_TOKEN";

	private static final String NOBODY = "UNAUTHENTICATED";

	private final Scenario scenario;

	private final TokenForge forge;

	private final AttackerServer attackerServer;

	private final List<Attack> attacks = new ArrayList<>();

	private TokenAttacks(Scenario scenario, TokenForge forge, AttackerServer attackerServer) {
		this.scenario = scenario;
		this.forge = forge;
		this.attackerServer = attackerServer;
	}

	/**
	 * Creates the attacks.
	 * @param attackerServer the server that the headers of tokens refer to
	 */
	static List<Attack> of(Scenario scenario, TokenForge forge, AttackerServer attackerServer) {
		TokenAttacks all = new TokenAttacks(scenario, forge, attackerServer);
		all.algorithms();
		all.keys();
		all.forms();
		all.claims();
		all.wrongPlaces();
		return all.attacks;
	}

	private void algorithms() {
		String real = this.scenario.attacker().token();
		byte[] signature = Base64.getUrlDecoder().decode(real.substring(real.lastIndexOf('.') + 1));
		token("alg none", this.forge.unsigned(this.forge.header("none")));
		token("alg NoNe", this.forge.unsigned(this.forge.header("NoNe")));
		token("alg none with a signature from a real token", this.forge.unsigned(this.forge.header("none"), signature));
		token("no alg at all", this.forge.unsigned(this.forge.headerWith("alg", null), signature));
		token("RS256 without a signature", this.forge.unsigned(this.forge.header("RS256")));
		token("HS256 with the public key as secret",
				this.forge.mac(this.forge.header("HS256"), this.forge.publishedKey()));
		token("HS256 with the public key's PEM as secret",
				this.forge.mac(this.forge.header("HS256"), this.forge.publishedKeyAsPem()));
		token("HS256 with the public modulus as secret",
				this.forge.mac(this.forge.header("HS256"), this.forge.publishedModulus()));
		token("HS256 with an empty secret", this.forge.mac(this.forge.header("HS256"), new byte[0]));
		token("RS256 header over an HMAC with the public key",
				this.forge.mac(this.forge.header("RS256"), this.forge.publishedKey()));
		token("RS384 with the issuer's key", this.forge.signedByIssuer("RS384", "SHA384withRSA"));
		token("RS512 with the issuer's key", this.forge.signedByIssuer("RS512", "SHA512withRSA"));
		token("PS256 with the issuer's key", this.forge.signedByIssuer("PS256", "RSASSA-PSS"));
		token("ES256 with a key of its own",
				this.forge.signedByAttackersCurve("ES256", "EC", 256, "SHA256withECDSAinP1363Format"));
		token("ES256 with a signature of zeros", this.forge.unsigned(this.forge.header("ES256"), new byte[64]));
		token("EdDSA with a key of its own", this.forge.signedByAttackersCurve("EdDSA", "Ed25519", 0, "Ed25519"));
		token("RS256 with a signature of zeros", this.forge.unsigned(this.forge.header("RS256"), new byte[256]));
	}

	private void keys() {
		token("an attacker's key with the issuer's key id", this.forge.signedByAttacker(this.forge.header("RS256")));
		token("an attacker's key without a key id", this.forge.signedByAttacker(this.forge.headerWith("kid", null)));
		token("an unknown key id", this.forge.signedByAttacker(this.forge.headerWith("kid", "stranger")));
		token("a key id that is empty", this.forge.signedByAttacker(this.forge.headerWith("kid", "")));
		token("a key id that is a path",
				this.forge.mac(with(this.forge.header("HS256"), "kid", "../../../../dev/null"), new byte[0]));
		token("a key id that is SQL", this.forge
			.signedByAttacker(this.forge.headerWith("kid", "' UNION SELECT public_key FROM users.signing_key --")));
		token("a key id that is a URL",
				this.forge.signedByAttacker(this.forge.headerWith("kid", this.attackerServer.url("/kid"))));
		token("a key id of 6,000 characters",
				this.forge.signedByAttacker(this.forge.headerWith("kid", "k".repeat(6000))));
		token("a key id that is a number", this.forge.signedByAttacker(this.forge.headerWith("kid", 7)));
		token("keys at a URL of the attacker (jku)", this.forge
			.signedByAttacker(with(this.forge.headerWith("jku", this.attackerServer.url("/jku")), "kid", "stranger")));
		token("a certificate at a URL of the attacker (x5u)", this.forge
			.signedByAttacker(with(this.forge.headerWith("x5u", this.attackerServer.url("/x5u")), "kid", "stranger")));
		token("the attacker's key in the token (jwk)", this.forge
			.signedByAttacker(with(this.forge.headerWith("jwk", this.forge.attackersJwk()), "kid", "stranger")));
		token("the attacker's key in the token, under the issuer's key id",
				this.forge.signedByAttacker(this.forge.headerWith("jwk", this.forge.attackersJwk())));
		token("the attacker's certificate in the token (x5c)",
				this.forge.signedByAttacker(this.forge.headerWith("x5c", List.of(this.forge.attackersCertificate()))));
	}

	private void forms() {
		String real = this.scenario.attacker().token();
		String admins = this.scenario.admin().token();
		token("a customer's token with an administrator's claims", this.forge.withOtherClaims(real));
		token("a signature with one bit changed", flipped(admins));
		token("a signature that is cut short", admins.substring(0, admins.length() - 4));
		token("only header and claims", admins.substring(0, admins.lastIndexOf('.')));
		token("an empty token", "");
		token("three empty parts", "..");
		token("random words", "give.me.access");
		token("a token twice", admins + "." + admins);
		token("a good token, encrypted for the issuer (JWE)", this.forge.encrypted(admins));
		token("a good token in another's claims (nested JWT)", this.forge
			.signedByIssuer(this.forge.headerWith("cty", "JWT"), JsonMapper.shared().writeValueAsString(admins)));
		token("a token of 9,000 characters", this.forge.signedByAttacker(this.forge.headerWith("x", "x".repeat(6000))));
		token("an unknown critical header", this.forge
			.signedByIssuer(with(this.forge.headerWith("crit", List.of("exp2")), "exp2", 1), this.forge.claims()));
		token("claims that are not encoded (b64)", this.forge
			.signedByIssuer(with(this.forge.headerWith("crit", List.of("b64")), "b64", false), this.forge.claims()));
		token("the type of an id token (typ JWT)",
				this.forge.signedByIssuer(this.forge.headerWith("typ", "JWT"), this.forge.claims()));
		token("no type", this.forge.signedByIssuer(this.forge.headerWith("typ", null), this.forge.claims()));
		token("the type of a log-out token",
				this.forge.signedByIssuer(this.forge.headerWith("typ", "logout+jwt"), this.forge.claims()));
		token("claims that are a list", this.forge.signedByIssuer(this.forge.header("RS256"), "[1]"));
		token("claims that are no JSON", this.forge.signedByIssuer(this.forge.header("RS256"), "{\"sub\": "));
		token("a refresh token", this.scenario.admin().refreshToken());
	}

	private void claims() {
		long now = Instant.now().getEpochSecond();
		claim("another issuer", "iss", "http://localhost:1/");
		claim("no issuer", "iss", null);
		claim("another audience", "aud", "another-shop");
		claim("a list of other audiences", "aud", List.of("sagamart-admin", "SAGAMART"));
		claim("no audience", "aud", null);
		claim("an audience that is an object", "aud", Map.of("sagamart", true));
		claim("expired two minutes ago", "exp", now - 120);
		claim("no expiry", "exp", null);
		claim("an expiry that is a string", "exp", "tomorrow");
		claim("an expiry in the distant past", "exp", Long.MIN_VALUE);
		claim("an expiry of 0", "exp", 0);
		claim("not valid before tomorrow", "nbf", now + 86_400);
		claim("no subject", "sub", null);
		claim("an empty subject", "sub", "");
		claim("a subject that is an object", "sub", Map.of("id", this.scenario.admin().id().toString()));
		claim("an expiry in the distant future", "exp", 1e300);
		claim("a start that is an object", "nbf", Map.of("at", now));
		claim("roles that are a word", "roles", "ADMIN");
		claim("roles that are an object", "roles", Map.of("ADMIN", true));
		claim("roles in a list in a list", "roles", List.of(List.of("ADMIN")));
		accessDenied("no roles", this.forge.claimsWith("roles", null));
		accessDenied("an unknown role", this.forge.claimsWith("roles", List.of("ROOT", "admin", "ROLE_ADMIN")));
		accessDenied("a scope that looks like a role",
				with(this.forge.claimsWith("roles", null), "scope", "ROLE_ADMIN ADMIN"));
	}

	private void wrongPlaces() {
		String customers = this.scenario.attacker().token();
		everywhere(attack("a customer's own token"), (request) -> request.bearer(customers), 403, "ACCESS_DENIED");
		String admins = this.scenario.admin().token();
		everywhere(attack("no token"), UnaryOperator.identity(), 401, NOBODY);
		everywhere(
				attack("an administrator's token in the query"), (request) -> new Request(request.method(),
						request.target() + "?access_token=" + admins, request.headers(), request.body(), false, null),
				401, NOBODY);
		everywhere(attack("an administrator's token in a cookie"),
				(request) -> request.header("Cookie", "access_token=" + admins + "; Authorization=Bearer%20" + admins),
				401, NOBODY);
		everywhere(attack("an administrator's token in a form"), (request) -> request
			.body("application/x-www-form-urlencoded", ("access_token=" + admins).getBytes(StandardCharsets.UTF_8)),
				401, NOBODY);
		everywhere(attack("an administrator's token in other headers"),
				(request) -> request.header("X-Authorization", "Bearer " + admins)
					.header("Proxy-Authorization", "Bearer " + admins)
					.header("X-Access-Token", admins)
					.header("X-Forwarded-Access-Token", admins),
				401, NOBODY);
		everywhere(attack("an administrator's password (Basic)"),
				(request) -> request.header("Authorization",
						"Basic " + Base64.getEncoder()
							.encodeToString((this.scenario.admin().email() + ":" + this.scenario.admin().password())
								.getBytes(StandardCharsets.UTF_8))),
				401, NOBODY);
		everywhere(attack("an administrator's token with another scheme"),
				(request) -> request.header("Authorization", "Token " + admins), 401, NOBODY);
		everywhere(attack("an administrator's token and more"),
				(request) -> request.header("Authorization", "Bearer " + admins + " , Basic x"), 401, INVALID);
		everywhere(attack("a forged token before a good one"),
				(request) -> request.bearer(this.forge.signedByAttacker(this.forge.header("RS256"))).bearer(admins),
				401, INVALID);
	}

	private void token(String name, String token) {
		everywhere(attack(name), (request) -> request.header("Authorization", "Bearer " + token), 401, INVALID);
	}

	private void claim(String name, String claim, @org.jspecify.annotations.Nullable Object value) {
		token("valid signature, " + name, this.forge.signedByIssuer(this.forge.claimsWith(claim, value)));
	}

	private void accessDenied(String name, Map<String, Object> claims) {
		String token = this.forge.signedByIssuer(claims);
		everywhere(attack("valid signature, " + name), (request) -> request.bearer(token), 403, "ACCESS_DENIED");
	}

	/** Sends the token to every service, and to one of them through the gateway too. */
	private void everywhere(Attack attack, UnaryOperator<Request> how, int status, String code) {
		String key = "a-key";
		Attack all = attack
			.send(Parts.ORDER_SERVICE,
					how.apply(Request.of("POST", "/api/v1/orders/" + this.scenario.order().id() + "/shipment")))
			.direct(Parts.USER_SERVICE,
					how.apply(Request.put("/api/v1/users/" + this.scenario.attacker().id() + "/roles",
							"{\"roles\": [\"ADMIN\"]}")))
			.direct(Parts.PRODUCT_SERVICE,
					how.apply(Request.post("/api/v1/products/" + this.scenario.product().id() + "/stock-adjustments",
							"{\"delta\": -1, \"reason\": \"stolen\"}")))
			.direct(Parts.PAYMENT_SERVICE,
					how.apply(Request
						.post("/api/v1/payments/" + this.scenario.payment().id() + "/refunds",
								"{\"amount\": {\"amount\": 1, \"currency\": \"EUR\"}}")
						.header("Idempotency-Key", key)));
		this.attacks.add(all.refused(status, code));
	}

	private static Map<String, Object> with(Map<String, Object> all, String name, Object value) {
		all.put(name, value);
		return all;
	}

	private static String flipped(String token) {
		int at = token.lastIndexOf('.') + 20;
		return token.substring(0, at) + ((token.charAt(at) == 'A') ? 'B' : 'A') + token.substring(at + 1);
	}

}
