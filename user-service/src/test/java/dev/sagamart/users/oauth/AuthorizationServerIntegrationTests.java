package dev.sagamart.users.oauth;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sagamart.users.UsersTest;
import dev.sagamart.users.session.LogIn.LoggedIn;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

class AuthorizationServerIntegrationTests extends UsersTest {

	private static final String SERVICE = basic("order-service", "of order-service in the tests");

	@Autowired
	private AuthorizationCodes codes;

	@Autowired
	private BrowserLogins logins;

	@Test
	void publishesOnlyWhatThereIs() {
		Answer answer = get("/.well-known/openid-configuration", null);
		assertThat(answer.status()).isEqualTo(200);
		var document = answer.json();
		assertThat(document.get("issuer").asString()).isEqualTo("http://localhost:8080");
		assertThat(document.get("authorization_endpoint").asString())
			.isEqualTo("http://localhost:8080/oauth2/authorize");
		assertThat(document.get("token_endpoint").asString()).isEqualTo("http://localhost:8080/oauth2/token");
		assertThat(document.get("userinfo_endpoint").asString()).isEqualTo("http://localhost:8080/userinfo");
		assertThat(document.get("jwks_uri").asString()).isEqualTo("http://localhost:8080/oauth2/jwks");
		assertThat(document.get("revocation_endpoint").asString()).isEqualTo("http://localhost:8080/oauth2/revoke");
		assertThat(texts(answer, "grant_types_supported")).containsExactlyInAnyOrder("authorization_code",
				"client_credentials", "refresh_token");
		assertThat(texts(answer, "code_challenge_methods_supported")).containsExactly("S256");
		assertThat(texts(answer, "scopes_supported")).containsExactlyInAnyOrder("openid", "profile", "users",
				"products", "orders", "payments", "admin");
		assertThat(texts(answer, "token_endpoint_auth_methods_supported")).contains("none");
		assertThat(document.propertyNames()).doesNotContain("introspection_endpoint", "end_session_endpoint",
				"tls_client_certificate_bound_access_tokens");
		Answer metadata = get("/.well-known/oauth-authorization-server", null);
		assertThat(metadata.text("token_endpoint")).isEqualTo("http://localhost:8080/oauth2/token");
		assertThat(metadata.json().propertyNames()).doesNotContain("introspection_endpoint");
	}

	@ParameterizedTest
	@CsvSource({ "POST,/oauth2/introspect", "POST,/oauth2/device_authorization", "POST,/oauth2/par",
			"GET,/connect/logout", "POST,/connect/register", "GET,/oauth2/token", "PUT,/login", "GET,/oauth2/unknown" })
	void answersNothingElse(String method, String path) {
		Answer answer = call(method, path, null, null);
		assertThat(answer.status()).isEqualTo(401);
		assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
			"/oauth2/jwks", "/login/style.css", "/login/nothing", "/login", "/login?client_id=sagamart-web",
			"/oauth2/authorize", "/oauth2/authorize?client_id=sagamart-web&response_type=code", "/oauth2/token",
			"/openapi.json", "/userinfo", "/api/v1/users", "/nothing" })
	void answersAHeadAsAGet(String path) {
		Answer get = get(path, null);
		Answer head = call("HEAD", path, null, null);
		assertThat(head.status()).isEqualTo(get.status());
		for (String name : List.of("Content-Type", "Cache-Control", "ETag", "Location", "WWW-Authenticate")) {
			assertThat(head.header(name)).as(name).isEqualTo(get.header(name));
		}
		assertThat(head.response().body()).isEmpty();
		if (!path.startsWith("/login?") && !get.response().body().contains("correlationId")) {
			assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
		}
	}

	@Test
	void keepsALogInForTheRequestThatIsNoHead() throws Exception {
		register("ann@example.com");
		Browser browser = new Browser(base());
		String start = Browser.location(browser.authorize(Browser.request()));
		HttpResponse<String> right = browser.submit(browser.get(start), "ann@example.com", PASSWORD);
		HttpResponse<String> looked = browser.head(Browser.location(right));
		assertThat(Browser.location(looked)).startsWith("/login?");
		assertThat(count("authorization_code")).isZero();
		assertThat(Browser.callback(browser.get(Browser.location(right)))).containsKey("code");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer nonsense", "Bearer", "Negotiate x" })
	void looksAtNoTokenThatIsSentAlong(String old) throws Exception {
		String code = code();
		Browser browser = new Browser(base());
		for (String path : List.of("/.well-known/openid-configuration", "/oauth2/jwks", "/login?client_id=x",
				"/login/style.css", "/openapi.json")) {
			assertThat(browser.get(path, "Authorization", old).statusCode()).as(path).isEqualTo(200);
		}
		assertThat(Browser
			.location(browser.get("/oauth2/authorize?" + Browser.encoded(Browser.request()), "Authorization", old)))
			.startsWith("/login?");
		Answer tokens = call("/oauth2/token", codeFields(code), "Authorization", old);
		assertThat(tokens.status()).isEqualTo(200);
		Answer refreshed = call("/oauth2/token", Map.of("grant_type", "refresh_token", "client_id", "sagamart-web",
				"refresh_token", tokens.text("refresh_token")), "Authorization", old);
		assertThat(refreshed.status()).isEqualTo(200);
		assertThat(call("/oauth2/revoke", Map.of("client_id", "sagamart-web", "token", refreshed.text("refresh_token")),
				"Authorization", old)
			.status()).isEqualTo(200);
		assertThat(browser.get("/userinfo", "Authorization", old).statusCode()).isEqualTo(401);
	}

	@ParameterizedTest
	@CsvSource({ "openid profile email offline_access,openid profile", "ADMIN openid,openid", "email,''", "'',''",
			"profile,profile" })
	void ignoresScopesThatNobodyKnows(String asked, String granted) throws Exception {
		register("ann@example.com");
		Map<String, String> request = Browser.request();
		request.put("scope", asked);
		Answer tokens = exchange(new Browser(base()).logIn(request, "ann@example.com", PASSWORD).get("code"));
		assertThat(tokens.status()).isEqualTo(200);
		assertThat(tokens.text("scope").split(" ")).containsExactlyInAnyOrder(granted.split(" "));
		assertThat(tokens.json().has("id_token")).isEqualTo(granted.contains("openid"));
		assertThat(get("/userinfo", tokens.text("access_token")).status())
			.isEqualTo(granted.contains("openid") ? 200 : 403);
		assertThat(refreshed(tokens).text("scope").split(" ")).containsExactlyInAnyOrder(granted.split(" "));
	}

	@ParameterizedTest
	@CsvSource({ "application/json,application/json", "application/jwk-set+json,application/jwk-set+json",
			"*/*,application/json", "application/*,application/json",
			"'application/jwk-set+json, application/json;q=0.5',application/jwk-set+json" })
	void servesTheKeysUnderEitherName(String accepted, String type) {
		Answer keys = call("GET", "/oauth2/jwks", null, null, "Accept", accepted);
		assertThat(keys.status()).isEqualTo(200);
		assertThat(keys.header("Content-Type")).isEqualTo(type);
		assertThat(keys.json().get("keys")).isNotEmpty();
		assertThat(call("GET", "/oauth2/jwks", null, null, "Accept", "text/html").status()).isEqualTo(406);
	}

	/**
	 * As RFC 6749, section 2.3.1, says: encoded as a form before it is encoded as Basic.
	 */
	@Test
	void knowsAClientByASecretOfAnyCharacters() {
		String secret = "+/=:%&% ?#\"'\\;@ß€😀%2B";
		Map<String, String> fields = Map.of("grant_type", "client_credentials", "scope", "catalogue.read");
		String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
		assertThat(call("/oauth2/token", fields, "Authorization", plainBasic("strange-service", encoded)).status())
			.isEqualTo(200);
		Map<String, String> inBody = new HashMap<>(fields);
		inBody.putAll(Map.of("client_id", "strange-service", "client_secret", secret));
		assertThat(token(inBody).status()).isEqualTo(200);
		assertThat(
				call("/oauth2/token", fields, "Authorization", plainBasic("strange-service", encoded + "x")).status())
			.isEqualTo(401);
		assertThat(call("/oauth2/token", fields, "Authorization", plainBasic("strange-service", "%zz")).status())
			.isEqualTo(400);
	}

	@Test
	void logsSomebodyInToAnApplication() throws Exception {
		register("ann@example.com");
		Browser browser = new Browser(base());
		HttpResponse<String> start = browser.authorize(Browser.request());
		assertThat(start.statusCode()).isEqualTo(303);
		assertThat(Browser.location(start)).startsWith("/login?response_type=code&client_id=sagamart-web");
		HttpResponse<String> page = browser.get(Browser.location(start));
		thePageIsSafe(page);
		HttpResponse<String> wrong = browser.submit(page, "ann@example.com", "wrong password");
		assertThat(wrong.statusCode()).isEqualTo(401);
		assertThat(wrong.body()).contains("<p role=\"alert\">The email address or the password is wrong.</p>",
				"value=\"ann@example.com\"");
		HttpResponse<String> right = browser.submit(wrong, "ann@example.com", PASSWORD);
		assertThat(right.statusCode()).isEqualTo(303);
		assertThat(right.headers().firstValue("X-Audit-Subject")).hasValue(idOf("ann@example.com").toString());
		assertThat(right.headers().allValues("Set-Cookie")).filteredOn((cookie) -> cookie.startsWith("sagamart-login="))
			.singleElement()
			.asString()
			.contains("HttpOnly", "SameSite=Lax", "Path=/oauth2/authorize", "Max-Age=60")
			.doesNotContain("Secure");
		assertThat(Browser.location(right)).startsWith("/oauth2/authorize?");
		Map<String, String> callback = Browser.callback(browser.get(Browser.location(right)));
		assertThat(callback).containsEntry("state", "st&te=1").containsOnlyKeys("code", "state");
		assertThat(browser.cookies()).extracting("name").containsOnly("sagamart-csrf");

		Answer tokens = exchange(callback.get("code"));
		assertThat(tokens.status()).isEqualTo(200);
		assertThat(tokens.header("Cache-Control")).contains("no-store");
		assertThat(tokens.header("X-Audit-Subject")).isEqualTo(idOf("ann@example.com").toString());
		assertThat(tokens.text("token_type")).isEqualTo("Bearer");
		assertThat(tokens.json().get("expires_in").asInt()).isBetween(840, 900);
		assertThat(tokens.text("scope").split(" ")).containsExactlyInAnyOrder("openid", "profile");
		theTokensAreOurs(tokens);
	}

	private static void thePageIsSafe(HttpResponse<String> page) {
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.headers().firstValue("Content-Security-Policy"))
			.hasValue("default-src 'none';" + " style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
					+ " form-action 'self' http://127.0.0.1:* http://localhost:8080");
		assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
		assertThat(page.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
		assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
		assertThat(page.body()).doesNotContain("{{", "<script", "style=", "onclick").contains("<label for=\"email\">");
		assertThat(page.headers().allValues("Set-Cookie")).singleElement()
			.asString()
			.startsWith("sagamart-csrf=")
			.contains("HttpOnly", "SameSite=Lax", "Path=/login");
	}

	private void theTokensAreOurs(Answer tokens) throws Exception {
		String accessToken = tokens.text("access_token");
		JWTClaimsSet access = verified(accessToken, "at+jwt");
		assertThat(access.getAudience()).containsExactly("sagamart");
		assertThat(access.getSubject()).isEqualTo(idOf("ann@example.com").toString());
		assertThat(access.getStringListClaim("roles")).containsExactly("CUSTOMER");
		assertThat(access.getStringClaim("client_id")).isEqualTo("sagamart-web");
		assertThat(access.getJWTID()).isNotBlank();
		assertThat(get("/api/v1/users/me", accessToken).text("email")).isEqualTo("ann@example.com");

		JWTClaimsSet id = verified(tokens.text("id_token"), "JWT");
		assertThat(id.getIssuer()).isEqualTo("http://localhost:8080");
		assertThat(id.getAudience()).containsExactly("sagamart-web");
		assertThat(id.getSubject()).isEqualTo(access.getSubject());
		assertThat(id.getStringClaim("nonce")).isEqualTo("n-0S6");
		assertThat(id.getStringClaim("name")).isEqualTo("Somebody");
		assertThat(Instant.ofEpochSecond(id.getLongClaim("auth_time"))).isBetween(Instant.now().minusSeconds(60),
				Instant.now());
		assertThat(get("/api/v1/users/me", tokens.text("id_token")).status()).isEqualTo(401);

		Answer info = get("/userinfo", accessToken);
		assertThat(info.text("sub")).isEqualTo(access.getSubject());
		assertThat(info.text("name")).isEqualTo("Somebody");
		assertThat(info.header("Cache-Control")).contains("no-store");
	}

	private JWTClaimsSet verified(String token, String type) throws Exception {
		SignedJWT jwt = SignedJWT.parse(token);
		assertThat(jwt.getHeader().getType().getType()).isEqualTo(type);
		assertThat(jwt.verify(new RSASSAVerifier(JWKSet.parse(get("/oauth2/jwks", null).response().body())
			.getKeyByKeyId(jwt.getHeader().getKeyID())
			.toRSAKey()))).isTrue();
		return jwt.getJWTClaimsSet();
	}

	@Test
	void givesALogInAwayOnce() throws Exception {
		register("ann@example.com");
		Browser browser = new Browser(base());
		String start = Browser.location(browser.authorize(Browser.request()));
		HttpResponse<String> right = browser.submit(browser.get(start), "ann@example.com", PASSWORD);
		String cookie = right.headers()
			.allValues("Set-Cookie")
			.stream()
			.filter((header) -> header.startsWith("sagamart-login="))
			.findAny()
			.orElseThrow()
			.split(";")[0];
		List<HttpResponse<String>> answers = atOnce(6,
				() -> new Browser(base()).get(Browser.location(right), "Cookie", cookie));
		assertThat(answers.stream().filter((answer) -> Browser.location(answer).contains("code="))).hasSize(1);
		assertThat(answers.stream().filter((answer) -> Browser.location(answer).startsWith("/login?"))).hasSize(5);
		assertThat(Browser.location(browser.authorize(Browser.request()))).startsWith("/login?");
	}

	@Test
	void forgetsALogInThatIsNotUsed() {
		register("ann@example.com");
		String token = this.logins.add(new LoggedIn(idOf("ann@example.com"), 0, Instant.now()));
		this.jdbc.sql("UPDATE login SET expires_at = now() - interval '1 second'").update();
		assertThat(this.logins.take(token)).isEmpty();
		assertThat(this.logins.take("unknown")).isEmpty();
		this.logins.removeExpired();
		assertThat(count("login")).isZero();
	}

	/** Of the version before, or of before all sessions ended, whose clock ran ahead. */
	@ParameterizedTest
	@ValueSource(strings = { "login", "authorization_code" })
	void goesOnWithNoLogInOfAnotherGeneration(String table) throws Exception {
		String code = code();
		LoggedIn login = new LoggedIn(idOf("ann@example.com"), 0, Instant.now().plusSeconds(3600));
		for (String generation : List.of("NULL", "1")) {
			String token = this.logins.add(login);
			this.jdbc.sql("UPDATE " + table + " SET token_generation = " + generation).update();
			assertThat(this.logins.take(token).isPresent()).isEqualTo(!table.equals("login"));
			assertThat(this.codes.find(code)).isPresent();
			assertThat(exchange(code).status()).isEqualTo(table.equals("login") ? 200 : 400);
			code = new Browser(base()).logIn(Browser.request(), "ann@example.com", PASSWORD).get("code");
		}
	}

	@Test
	void givesNoCodeForAnAccessToken() throws Exception {
		String token = customer("ann@example.com");
		HttpResponse<String> answer = new Browser(base()).get("/oauth2/authorize?" + Browser.encoded(Browser.request()),
				"Authorization", "Bearer " + token);
		assertThat(Browser.location(answer)).startsWith("/login?");
		assertThat(count("authorization_code")).isZero();
	}

	@Test
	void tellsAClientThatAsksSilentlyThatNobodyIsThere() throws Exception {
		Map<String, String> request = Browser.request();
		request.put("prompt", "none");
		assertThat(Browser.callback(new Browser(base()).authorize(request))).containsEntry("error", "login_required")
			.containsEntry("state", "st&te=1");
	}

	@ParameterizedTest
	@CsvSource({ "code_challenge,,invalid_request", "code_challenge_method,,invalid_request",
			"code_challenge_method,plain,invalid_request", "scope,openid catalogue.read,invalid_scope" })
	void tellsAClientWhatIsWrongWithItsRequest(String parameter, String value, String error) throws Exception {
		Map<String, String> request = Browser.request();
		if (value == null) {
			request.remove(parameter);
		}
		else {
			request.put(parameter, value);
		}
		assertThat(Browser.callback(new Browser(base()).authorize(request))).containsEntry("error", error)
			.containsEntry("state", "st&te=1")
			.doesNotContainKey("code");
	}

	@ParameterizedTest
	@CsvSource({ "redirect_uri,https://evil.example/callback", "redirect_uri,http://127.0.0.1:49152/other",
			"redirect_uri,http://127.0.0.1.evil.example/callback",
			"redirect_uri,http://127.0.0.1@evil.example/callback",
			"redirect_uri,http://localhost:9999/docs/oauth2-redirect.html", "redirect_uri,javascript:alert(1)",
			"redirect_uri,http://127.0.0.1:49152/callback#fragment", "redirect_uri,", "client_id,unknown",
			"client_id,order-service", "response_type,token" })
	void sendsNobodyToAnAddressThatIsNotRegistered(String parameter, String value) throws Exception {
		Map<String, String> request = Browser.request();
		request.put(parameter, (value != null) ? value : "");
		HttpResponse<String> answer = new Browser(base()).authorize(request);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(Browser.location(answer)).isEmpty();
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
	}

	@Test
	void wantsTheFormToComeFromThePage() throws Exception {
		register("ann@example.com");
		String login = "/login?" + Browser.encoded(Browser.request());
		String fields = Browser.encoded(Map.of("email", "ann@example.com", "password", PASSWORD));
		Browser browser = new Browser(base());
		assertThat(browser.post(login, fields).statusCode()).isEqualTo(403);
		browser.get(login);
		assertThat(browser.post(login, fields + "&_csrf=guessed").statusCode()).isEqualTo(403);
		assertThat(browser.get("/login").statusCode()).isEqualTo(400);
		HttpResponse<String> twice = browser.submit(browser.get(login + "&email=eve@example.com"), "ann@example.com",
				PASSWORD);
		assertThat(twice.statusCode()).isEqualTo(400);
		assertThat(count("login")).isZero();
	}

	@Test
	void showsWhatSomebodyTypedAsText() throws Exception {
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get("/login?client_id=%22%3E%3Cscript%3E");
		assertThat(page.body()).doesNotContain("<script");
		HttpResponse<String> again = browser.submit(page, "\"><script>alert(1)</script>", "{{csrf-token}}");
		assertThat(again.statusCode()).isEqualTo(401);
		assertThat(again.body()).contains("value=\"&quot;&gt;&lt;script&gt;").doesNotContain("<script");
		assertThat(browser.submit(page, "ann@example.com", "x".repeat(300)).statusCode()).isEqualTo(401);
		HttpResponse<String> style = browser.get("/login/style.css");
		assertThat(style.headers().firstValue("Content-Type")).hasValue("text/css;charset=UTF-8");
		assertThat(style.headers().firstValue("Cache-Control")).hasValue("max-age=3600, public");
	}

	@Test
	void throttlesThePageAndTheApiTogether() throws Exception {
		register("ann@example.com");
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get("/login?" + Browser.encoded(Browser.request()));
		for (int i = 0; i < 5; i++) {
			assertThat(logIn("ann@example.com", "wrong password").status()).isEqualTo(401);
			assertThat(browser.submit(page, "ann@example.com", "wrong password").statusCode()).isEqualTo(401);
		}
		HttpResponse<String> throttled = browser.submit(page, "ann@example.com", PASSWORD);
		assertThat(throttled.statusCode()).isEqualTo(429);
		assertThat(throttled.headers().firstValue("Retry-After")).isPresent();
		assertThat(throttled.body()).contains("Try again in 15 minutes.");
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(429);
	}

	@Test
	void exchangesACodeOnce() throws Exception {
		String code = code();
		Answer first = exchange(code);
		assertThat(first.status()).isEqualTo(200);
		Answer second = exchange(code);
		assertThat(second.status()).isEqualTo(400);
		assertThat(second.text("error")).isEqualTo("invalid_grant");
		assertThat(refreshed(first).text("error")).isEqualTo("invalid_grant");
	}

	@Test
	void exchangesACodeOnceForManyAtOnce() throws Exception {
		String code = code();
		List<Answer> answers = atOnce(6, () -> exchange(code));
		List<Answer> exchanged = answers.stream().filter((answer) -> answer.status() == 200).toList();
		assertThat(exchanged).hasSize(1);
		assertThat(answers.stream().filter((answer) -> answer.status() == 400)).hasSize(5)
			.allMatch((answer) -> answer.text("error").equals("invalid_grant"));
		assertThat(refreshed(exchanged.getFirst()).text("error")).isEqualTo("invalid_grant");
		assertThat(count("session")).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "code_verifier,another-verifier-of-at-least-forty-three-characters",
			"redirect_uri,http://127.0.0.1:49153/callback", "redirect_uri,", "code,unknown" })
	void exchangesACodeForItsClientOnly(String parameter, String value) throws Exception {
		String code = code();
		Map<String, String> fields = codeFields(code);
		fields.put(parameter, (value != null) ? value : "");
		Answer answer = token(fields);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("error")).isEqualTo("invalid_grant");
		assertThat(exchange(code).status()).isEqualTo(200);
	}

	@Test
	void exchangesNoCodeWithoutItsVerifierOrAfterItsTime() throws Exception {
		String code = code();
		Map<String, String> fields = codeFields(code);
		fields.remove("code_verifier");
		assertThat(token(fields).text("error")).isEqualTo("invalid_client");
		this.jdbc.sql("UPDATE authorization_code SET expires_at = now() - interval '1 second'").update();
		assertThat(exchange(code).text("error")).isEqualTo("invalid_grant");
		this.codes.removeOld();
		assertThat(count("authorization_code")).isEqualTo(1);
		this.jdbc.sql("UPDATE authorization_code SET expires_at = now() - interval '25 hours'").update();
		this.codes.removeOld();
		assertThat(count("authorization_code")).isZero();
	}

	@Test
	void forgetsCodesThatNobodyExchangedInTime() throws Exception {
		exchange(code());
		for (int i = 0; i < 3; i++) {
			new Browser(base()).logIn(Browser.request(), "ann@example.com", PASSWORD);
			this.jdbc.sql("UPDATE authorization_code SET expires_at = now() - interval '1 second'").update();
		}
		new Browser(base()).logIn(Browser.request(), "ann@example.com", PASSWORD);
		assertThat(count("authorization_code")).as("the exchanged one and the last").isEqualTo(2);
	}

	@Test
	void refreshesWithEachTokenOnce() throws Exception {
		Answer first = exchange(code());
		Answer second = refreshed(first);
		assertThat(second.status()).isEqualTo(200);
		assertThat(second.header("X-Audit-Subject")).isEqualTo(idOf("ann@example.com").toString());
		assertThat(get("/userinfo", second.text("access_token")).status()).isEqualTo(200);
		Answer narrowed = token(Map.of("grant_type", "refresh_token", "client_id", "sagamart-web", "refresh_token",
				second.text("refresh_token"), "scope", "openid"));
		assertThat(narrowed.text("scope")).isEqualTo("openid");
		assertThat(get("/userinfo", narrowed.text("access_token")).json().has("name")).isFalse();
		Answer reused = refreshed(first);
		assertThat(reused.status()).isEqualTo(400);
		assertThat(reused.text("error")).isEqualTo("invalid_grant");
		assertThat(refreshed(narrowed).text("error")).isEqualTo("invalid_grant");
	}

	@Test
	void noticesReuseByParallelRefreshes() throws Exception {
		Answer first = exchange(code());
		List<Answer> answers = atOnce(8, () -> refreshed(first));
		List<Answer> refreshed = answers.stream().filter((answer) -> answer.status() == 200).toList();
		assertThat(refreshed).hasSize(1);
		assertThat(answers.stream().filter((answer) -> answer.status() == 400)).hasSize(7)
			.allMatch((answer) -> answer.text("error").equals("invalid_grant"));
		assertThat(refreshed(refreshed.getFirst()).text("error")).isEqualTo("invalid_grant");
	}

	@Test
	void bindsASessionToItsClient() throws Exception {
		Answer ofClient = exchange(code());
		assertThat(refresh(ofClient.text("refresh_token")).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		Answer ofApi = logIn("ann@example.com", PASSWORD);
		assertThat(refreshWith(ofApi.text("refreshToken")).text("error")).isEqualTo("invalid_grant");
		assertThat(call("/oauth2/revoke", Map.of("client_id", "sagamart-web", "token", ofApi.text("refreshToken")))
			.status()).isEqualTo(200);
		Answer beyond = token(Map.of("grant_type", "refresh_token", "client_id", "sagamart-web", "refresh_token",
				ofClient.text("refresh_token"), "scope", "openid admin"));
		assertThat(beyond.text("error")).isEqualTo("invalid_scope");
		assertThat(call("/oauth2/revoke", Map.of("token", ofClient.text("refresh_token")), "Authorization", SERVICE)
			.status()).isEqualTo(200);
		assertThat(refreshed(ofClient).status()).isEqualTo(200);
		assertThat(refresh(ofApi.text("refreshToken")).status()).isEqualTo(200);
	}

	@Test
	void revokesASession() throws Exception {
		Answer first = exchange(code());
		Answer second = refreshed(first);
		Map<String, String> fields = Map.of("client_id", "sagamart-web", "token", second.text("refresh_token"));
		assertThat(call("/oauth2/revoke", fields).status()).isEqualTo(200);
		assertThat(refreshed(second).text("error")).isEqualTo("invalid_grant");
		assertThat(call("/oauth2/revoke", fields).status()).isEqualTo(200);
		assertThat(call("/oauth2/revoke", Map.of("client_id", "sagamart-web", "token", "unknown")).status())
			.isEqualTo(200);
		assertThat(call("/oauth2/revoke", Map.of("client_id", "sagamart-web", "token", second.text("access_token")))
			.text("error")).isEqualTo("unsupported_token_type");
		assertThat(call("/oauth2/revoke", Map.of("client_id", "unknown", "token", "unknown")).status()).isEqualTo(401);
		assertThat(call("/oauth2/revoke", Map.of("token", "unknown")).status()).isEqualTo(401);
	}

	@Test
	void logsSomebodyOutWhoCameThroughAnApplication() throws Exception {
		Answer tokens = exchange(code());
		assertThat(call("DELETE", "/api/v1/sessions/current", tokens.text("access_token"),
				Map.of("refreshToken", tokens.text("refresh_token")))
			.status()).isEqualTo(204);
		assertThat(refreshed(tokens).text("error")).isEqualTo("invalid_grant");
	}

	@Test
	void forgetsSomebodyWhoIsErased() throws Exception {
		register("ann@example.com");
		Map<String, String> request = Browser.request();
		request.put("scope", "openid users");
		Answer tokens = exchange(new Browser(base()).logIn(request, "ann@example.com", PASSWORD).get("code"));
		String another = new Browser(base()).logIn(Browser.request(), "ann@example.com", PASSWORD).get("code");
		String login = this.logins.add(new LoggedIn(idOf("ann@example.com"), 0, Instant.now()));
		assertThat(call("DELETE", "/api/v1/users/me", tokens.text("access_token"), null).status()).isEqualTo(204);
		assertThat(refreshed(tokens).text("error")).isEqualTo("invalid_grant");
		assertThat(exchange(another).text("error")).isEqualTo("invalid_grant");
		assertThat(this.logins.take(login)).isEmpty();
		assertThat(get("/userinfo", tokens.text("access_token")).status()).isEqualTo(401);
		assertThat(count("authorization_code") + count("login") + count("session")).isZero();
	}

	/** As it is outside of the demo, and in the demo again. */
	@Test
	void letsNobodyInToAnAccountOfTheDemo() throws Exception {
		Answer tokens = exchange(code());
		String code = new Browser(base()).logIn(Browser.request(), "ann@example.com", PASSWORD).get("code");
		this.jdbc.sql("UPDATE app_user SET demo = true").update();
		assertThat(exchange(code).text("error")).isEqualTo("invalid_grant");
		assertThat(refreshed(tokens).text("error")).isEqualTo("invalid_grant");
		assertThat(get("/userinfo", tokens.text("access_token")).status()).isEqualTo(401);
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get(Browser.location(browser.authorize(Browser.request())));
		HttpResponse<String> right = browser.submit(page, "ann@example.com", PASSWORD);
		assertThat(right.statusCode()).isEqualTo(401);
		assertThat(right.body()).contains("The email address or the password is wrong.");
		assertThat(count("session")).isEqualTo(1);
		this.jdbc.sql("UPDATE app_user SET demo = false").update();
		assertThat(exchange(code).status()).isEqualTo(200);
		assertThat(refreshed(tokens).status()).isEqualTo(200);
	}

	@Test
	void tellsWhoItIsOnlyToThoseWhoAskedForIt() {
		String token = customer("ann@example.com");
		assertThat(get("/userinfo", token).status()).isEqualTo(403);
		assertThat(get("/userinfo", null).status()).isEqualTo(401);
	}

	@Test
	void givesServicesTokensOfTheirOwn() throws Exception {
		Answer answer = serviceToken(SERVICE, "catalogue.read");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Cache-Control")).contains("no-store");
		assertThat(answer.header("X-Audit-Subject")).isEqualTo("order-service");
		assertThat(answer.json().has("refresh_token")).isFalse();
		JWTClaimsSet claims = verified(answer.text("access_token"), "at+jwt");
		assertThat(claims.getSubject()).isEqualTo("order-service");
		assertThat(claims.getAudience()).containsExactly("sagamart");
		assertThat(claims.getStringClaim("scope")).isEqualTo("catalogue.read");
		assertThat(claims.getClaims()).doesNotContainKey("roles");
		assertThat(get("/api/v1/users/me", answer.text("access_token")).status()).isEqualTo(403);
		assertThat(call("/oauth2/token", Map.of("grant_type", "client_credentials", "client_id", "order-service",
				"client_secret", "of order-service in the tests"))
			.status()).isEqualTo(200);
	}

	@Test
	void givesNobodyElseTokensOfServices() throws Exception {
		Answer wrong = serviceToken(basic("order-service", "wrong"), "catalogue.read");
		assertThat(wrong.status()).isEqualTo(401);
		assertThat(wrong.header("WWW-Authenticate")).isEqualTo("Basic realm=\"sagamart\"");
		assertThat(wrong.response().body()).isEqualTo("{\"error\":\"invalid_client\"}");
		Stream
			.of(basic("nobody", "wrong"), basic("order-service", ""), basic("sagamart-web", ""), "Basic not-base64!",
					"Bearer " + customer("ann@example.com"))
			.forEach((authorization) -> assertThat(serviceToken(authorization, "catalogue.read").status()).isIn(400,
					401));
		assertThat(serviceToken(SERVICE, "catalogue.write").text("error")).isEqualTo("invalid_scope");
		assertThat(call("/oauth2/token", Map.of("grant_type", "refresh_token", "refresh_token", "x"), "Authorization",
				SERVICE)
			.text("error")).isEqualTo("unauthorized_client");
		assertThat(token(Map.of("grant_type", "client_credentials", "client_id", "sagamart-web")).status())
			.isEqualTo(401);
		assertThat(token(Map.of("grant_type", "refresh_token", "refresh_token", "x", "client_id", "order-service"))
			.status()).isEqualTo(401);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "grant_type=", "grant_type=password&username=ann&password=x",
			"grant_type=client_credentials&grant_type=client_credentials", "grant_type=authorization_code",
			"grant_type=authorization_code&client_id=sagamart-web&code=a&code=b&code_verifier=v",
			"grant_type=authorization_code&client_id=sagamart-web&code=&code_verifier=v",
			"grant_type=authorization_code&client_id=sagamart-web&code=a&code_verifier=",
			"grant_type=refresh_token&client_id=sagamart-web", "grant_type=refresh_token&client_id=&refresh_token=x",
			"grant_type=refresh_token&client_id=sagamart-web&refresh_token=",
			"grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x&client_id=sagamart-web",
			"grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x",
			"client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=x", "%%%",
			"{\"grant_type\":\"client_credentials\"}", "token=", "token_type_hint=x" })
	void refusesNonsense(String body) throws Exception {
		for (String path : List.of("/oauth2/token", "/oauth2/revoke")) {
			for (String authorization : List.of("", SERVICE)) {
				HttpResponse<String> answer = authorization.isEmpty() ? new Browser(base()).post(path, body)
						: new Browser(base()).post(path, body, "Authorization", authorization);
				assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isIn(400, 401);
				assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("json");
			}
		}
	}

	@Test
	void takesParametersOfClientsFromTheBodyOnly() throws Exception {
		HttpResponse<String> answer = new Browser(base()).post("/oauth2/token?grant_type=client_credentials", "",
				"Authorization", SERVICE);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
		assertThat(answer.body()).contains("invalid_request");
		HttpResponse<String> disguised = new Browser(base()).post("/oauth2/%74oken", "grant_type=client_credentials");
		assertThat(disguised.statusCode()).isEqualTo(401);
		assertThat(disguised.body()).isEqualTo("{\"error\":\"invalid_client\"}");
	}

	@Test
	void storesNothingThatOpensAnything() throws Exception {
		String code = code();
		Answer tokens = exchange(code);
		String login = this.logins.add(new LoggedIn(idOf("ann@example.com"), 0, Instant.now()));
		for (String table : List.of("authorization_code", "session", "refresh_token", "login")) {
			String rows = this.jdbc
				.sql("SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM " + table + " t")
				.query(String.class)
				.single();
			assertThat(rows).isNotEmpty().doesNotContain(code, tokens.text("refresh_token"), login);
		}
	}

	private String code() throws Exception {
		register("ann@example.com");
		return new Browser(base()).logIn(Browser.request(), "ann@example.com", PASSWORD).get("code");
	}

	private static Map<String, String> codeFields(String code) {
		return new HashMap<>(Map.of("grant_type", "authorization_code", "client_id", "sagamart-web", "code", code,
				"redirect_uri", Browser.CALLBACK, "code_verifier", Browser.VERIFIER));
	}

	private Answer exchange(String code) {
		return token(codeFields(code));
	}

	private Answer refreshed(Answer tokens) {
		return refreshWith(tokens.text("refresh_token"));
	}

	private Answer refreshWith(String refreshToken) {
		return token(Map.of("grant_type", "refresh_token", "client_id", "sagamart-web", "refresh_token", refreshToken));
	}

	private Answer serviceToken(String authorization, String scope) {
		return call("/oauth2/token", Map.of("grant_type", "client_credentials", "scope", scope), "Authorization",
				authorization);
	}

	private Answer token(Map<String, String> fields) {
		return call("/oauth2/token", fields);
	}

	private Answer call(String path, Map<String, String> fields, String... headers) {
		try {
			HttpResponse<String> response = new Browser(base()).post(path, Browser.encoded(fields), headers);
			return new Answer(response.statusCode(), response);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String basic(String user, String password) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password.replace(" ", "+")).getBytes());
	}

	private static String plainBasic(String user, String password) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
	}

	private static List<String> texts(Answer answer, String field) {
		return answer.json().get(field).valueStream().map((value) -> value.asString()).toList();
	}

	private int count(String table) {
		return this.jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
	}

}
