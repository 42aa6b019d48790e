package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.local.PartName;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Forged client identities, bypassing of routes, and request smuggling.
 */
final class EdgeAttacks {

	private static final String CRLF = "\r\n";

	private final Scenario scenario;

	private final String admin;

	private final List<Attack> attacks = new ArrayList<>();

	private EdgeAttacks(Scenario scenario) {
		this.scenario = scenario;
		this.admin = scenario.admin().token();
	}

	static List<Attack> of(Scenario scenario) {
		EdgeAttacks all = new EdgeAttacks(scenario);
		all.claimedIdentities();
		all.managementPaths();
		all.otherSites();
		all.methods();
		all.targetsAndHosts();
		all.headers();
		all.framing();
		all.slowClients();
		return all.attacks;
	}

	private void claimedIdentities() {
		String victim = this.scenario.victim().id().toString();
		for (String header : List.of("X-User-Id", "X-User", "X-Forwarded-User", "X-Remote-User", "X-Authenticated-User",
				"X-Auth-Request-User", "X-Subject", "X-Principal", "X-Audit-Subject", "Remote-User",
				"X-Client-Cert-CN")) {
			this.attacks.add(attack("claiming another user's identity in " + header)
				.send(Parts.USER_SERVICE, Request.get("/api/v1/users/me").header(header, victim))
				.refused(401, "UNAUTHENTICATED"));
		}
		for (String header : List.of("X-Roles", "X-User-Roles", "X-Role", "X-Admin", "X-Internal", "X-Auth-Roles",
				"X-Forwarded-Groups")) {
			this.attacks.add(attack("claiming the role ADMIN in " + header)
				.send(Parts.USER_SERVICE,
						Request.get("/api/v1/users").bearer(this.scenario.attacker().token()).header(header, "ADMIN"))
				.refused(403, "ACCESS_DENIED"));
		}
		for (String header : List.of("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "Client-IP")) {
			this.attacks.add(
					attack("claiming a loopback address in " + header)
						.send(Parts.ORDER_SERVICE,
								Request.get("/api/v1/operations/sagas")
									.header(header, "127.0.0.1")
									.header("X-Edge-Secret", "guessed"))
						.refused(401, "UNAUTHENTICATED"));
		}
		for (String header : List.of("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path",
				"X-Envoy-Original-Path")) {
			this.attacks.add(attack("requesting another path in " + header)
				.send(Parts.ORDER_SERVICE,
						Request.get("/nothing-here").bearer(this.admin).header(header, "/api/v1/operations/sagas"))
				.refused(404, "NOT_FOUND"));
		}
	}

	private void managementPaths() {
		for (String path : List.of("/actuator", "/actuator/", "/actuator/health", "/actuator/health/readiness",
				"/actuator/prometheus", "/actuator/env", "/actuator/heapdump", "/actuator/gateway/routes",
				"/ACTUATOR/health", "/%61ctuator/health", "/health", "/metrics", "/error", "/internal", "/.env",
				"/.git/config", "/h2-console", "/jolokia", "/favicon.ico", "/swagger-ui.html", "/v3/api-docs", "/api",
				"/api/v1", "/api/v2/orders", "/api/v1/internal/orders", "/*")) {
			notRouted(path, 404, "NOT_FOUND");
		}
		for (String path : List.of("//actuator/health", "/./actuator/health", "/actuator/./health",
				"/actuator%2fhealth", "/%2factuator/health", "/actuator;x=y/health", "/actuator/health;.json",
				"/api/v1/products/../../../actuator/health", "/api/v1/products/%2e%2e/%2e%2e/%2e%2e/actuator/health",
				"/api/v1/products/..%2f..%2f..%2factuator/health", "/api/v1/products/..;/..;/..;/actuator/health",
				"/api/v1/products/%252e%252e/actuator/health", "/api/v1/products/%5c..%5cactuator",
				"/api/v1/products/..%5c..%5cactuator", "/actuator/health%00", "/api/v1/products/%0d%0aactuator",
				"/api/v1//orders", "/api/v1/products/%c0%ae%c0%ae/actuator", "/api/v1/products/%ff",
				"/api/v1/products/%zz", "/api/v1/products/%")) {
			notRouted(path, 400, "BAD_REQUEST");
		}
	}

	/** By default, no page of another site may read anything (CORS). */
	private void otherSites() {
		for (String target : List.of("/simulator/faults", "/v1/refunds", "/v1/payment_intents")) {
			this.attacks.add(attack("a form of another site at the provider's " + target)
				.direct(Parts.PAYMENT_SIMULATOR, Request.of("POST", target)
					.header("Origin", "https://evil.example")
					.bearer("sk_test_strange")
					.body("application/x-www-form-urlencoded", "down=true&amount=1".getBytes(StandardCharsets.UTF_8)))
				.refused(403, ""));
		}
		for (String origin : List.of("https://evil.example", "null", "http://localhost.evil.example",
				"http://localhost:8080")) {
			for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.ORDER_SERVICE)) {
				this.attacks.add(attack("a preflight from " + origin + " at " + entryPoint.text(), () -> {
					Response response = ask(entryPoint,
							Request.of("OPTIONS", "/api/v1/orders")
								.header("Origin", origin)
								.header("Access-Control-Request-Method", "POST")
								.header("Access-Control-Request-Headers", "authorization, idempotency-key"));
					assertThat(response.head()).noneMatch(
							(line) -> line.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-allow"));
				}));
			}
		}
		this.attacks.add(attack("reading from another site with a token", () -> {
			Response response = ask(Parts.API_GATEWAY,
					Request.get("/api/v1/orders")
						.bearer(this.scenario.attacker().token())
						.header("Origin", "https://evil.example"));
			assertThat(response.head())
				.noneMatch((line) -> line.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-allow"));
		}));
	}

	private void methods() {
		for (String method : List.of("TRACE", "TRACK", "PROPFIND", "FOO", "get")) {
			this.attacks.add(
					attack("the method " + method)
						.send(Parts.ORDER_SERVICE,
								Request.of(method, "/api/v1/orders")
									.bearer(this.scenario.attacker().token())
									.header("Cookie", "secret=1"))
						.refused(405, "METHOD_NOT_ALLOWED"));
		}
		this.attacks.add(attack("a tunnel to the database")
			.send(Parts.ORDER_SERVICE, Request.of("CONNECT", "db:5432").header("Host", "db:5432"))
			.refused(405, "METHOD_NOT_ALLOWED"));
	}

	private void targetsAndHosts() {
		URI management = this.scenario.platform().managementUrl(Parts.ORDER_SERVICE);
		this.attacks.add(attack("another server in the target")
			.send(Parts.ORDER_SERVICE, Request.get(management + "/actuator/health").bearer(this.admin))
			.refused(400, "BAD_REQUEST")
			.refusedByGateway(404, "NOT_FOUND"));
		this.attacks.add(attack("a management path at the management's host")
			.send(Parts.ORDER_SERVICE,
					Request.get("/actuator/health").header("Host", management.getAuthority()).bearer(this.admin))
			.refused(404, "NOT_FOUND"));
		refusedRaw("no host", "GET /api/v1/orders HTTP/1.1" + CRLF + "Connection: close" + CRLF + CRLF);
		refusedRaw("two hosts",
				"GET /api/v1/orders HTTP/1.1" + CRLF + "Host: {host}" + CRLF + "Host: evil.example" + CRLF + CRLF);
		refusedRaw("a host with a path", get("Host: evil.example/api"));
		refusedRaw("a host with a user", get("Host: admin@evil.example"));
		refusedRaw("a host with spaces", get("Host: evil example"));
		this.attacks.add(attack("a Location at the attacker's host", () -> {
			for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.USER_SERVICE)) {
				Response response = ask(entryPoint, Request
					.post("/api/v1/users",
							"{\"email\": \"host-" + UUID.randomUUID()
									+ "@sagamart.example\", \"password\": \"long-enough-password\", \"name\": \"N\"}")
					.header("Host", "evil.example")
					.header("X-Forwarded-Host", "evil.example")
					.header("X-Forwarded-Proto", "gopher")
					.header("Forwarded", "host=evil.example"));
				assertThat(response.status()).as(response.body()).isEqualTo(201);
				assertThat(response.header("Location")).startsWith("/api/v1/users/");
				assertThat(response.body() + response.head()).doesNotContain("evil.example");
			}
		}));
	}

	private void headers() {
		this.attacks.add(attack("a header of 17 KiB")
			.send(Parts.ORDER_SERVICE, Request.get("/api/v1/orders").header("X-Large", "x".repeat(17 * 1024)))
			.refused(431, "HEADERS_TOO_LARGE"));
		Request many = Request.get("/api/v1/orders");
		for (int i = 0; i < 1200; i++) {
			many = many.header("X-" + i, "0123456789");
		}
		this.attacks.add(attack("1,200 headers").send(Parts.ORDER_SERVICE, many).refused(431, "HEADERS_TOO_LARGE"));
		this.attacks
			.add(attack("a target of 9 KiB").throughGateway(Request.get("/api/v1/products?q=" + "x".repeat(9 * 1024)))
				.refused(414, "URI_TOO_LONG"));
		this.attacks.add(attack("a token of 20 KB")
			.send(Parts.ORDER_SERVICE, Request.get("/api/v1/orders").bearer("x".repeat(20_000)))
			.refused(431, "HEADERS_TOO_LARGE"));
		this.attacks.add(
				attack("a token in the second line of a header")
					.send(Parts.ORDER_SERVICE,
							Request.raw(get(
									"Host: {host}" + CRLF + "X-A: 1" + CRLF + " Authorization: Bearer " + this.admin)))
					.refused(401, "UNAUTHENTICATED"));
		refusedRaw("a space before the colon", get("Host: {host}" + CRLF + "Content-Length : 0"));
		refusedRaw("a header without a name", get("Host: {host}" + CRLF + ": x"));
		refusedRaw("a header with NUL", get("Host: {host}" + CRLF + "X-A: a\0b"));
		refusedRaw("a header without a colon", get("Host: {host}" + CRLF + "X-A"));
		refusedRaw("an invalid header name", get("Host: {host}" + CRLF + "X(A): 1"));
		for (String id : List.of("a b", "x".repeat(65), "<script>", "ä", "${jndi:ldap://x}", "a\tb")) {
			for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.PRODUCT_SERVICE)) {
				this.attacks.add(attack("the correlation id " + id + " at " + entryPoint.text(), () -> {
					Response response = ask(entryPoint,
							Request.get("/api/v1/products?pageSize=0").header("X-Correlation-Id", id));
					assertThat(response.status()).isEqualTo(400);
					assertThat(response.header("X-Correlation-Id")).matches("[A-Za-z0-9._-]{1,64}").isNotEqualTo(id);
				}));
			}
		}
	}

	/** The end of a request must be unambiguous (RFC 9112, 6.3 and 11.2). */
	private void framing() {
		String smuggled = "POST /api/v1/orders/" + this.scenario.order().id() + "/shipment HTTP/1.1" + CRLF
				+ "Host: {host}" + CRLF + "Authorization: Bearer " + this.admin + CRLF + "Content-Length: 0" + CRLF
				+ CRLF;
		smuggle("a length and chunks (CL.TE)", "Content-Length: 6" + CRLF + "Transfer-Encoding: chunked",
				"0" + CRLF + CRLF + smuggled);
		smuggle("a length and chunks (TE.CL)", "Transfer-Encoding: chunked" + CRLF + "Content-Length: 4",
				Integer.toHexString(smuggled.length()) + CRLF + smuggled + CRLF + "0" + CRLF + CRLF);
		smuggle("an obfuscated Transfer-Encoding (TE.TE)", "Transfer-Encoding: xchunked" + CRLF + "Content-Length: 4",
				"5c" + CRLF + smuggled);
		smuggle("chunks, and identity", "Transfer-Encoding: chunked" + CRLF + "Transfer-Encoding: identity",
				"0" + CRLF + CRLF + smuggled);
		smuggle("identity, and chunks", "Transfer-Encoding: identity, chunked", "0" + CRLF + CRLF + smuggled);
		smuggle("a tab before chunked", "Transfer-Encoding:\tchunked" + CRLF + "Content-Length: 3",
				"0" + CRLF + CRLF + smuggled);
		smuggle("a blank before the colon of Transfer-Encoding",
				"Transfer-Encoding : chunked" + CRLF + "Content-Length: 0", smuggled);
		smuggle("two lengths", "Content-Length: 0" + CRLF + "Content-Length: 44", smuggled);
		smuggle("two lengths in one", "Content-Length: 0, 44", smuggled);
		smuggle("a length with a sign", "Content-Length: +0", smuggled);
		smuggle("a negative length", "Content-Length: -1", smuggled);
		smuggle("a length in hexadecimal", "Content-Length: 0x0", smuggled);
		smuggle("a length that is too large", "Content-Length: 99999999999999999999", smuggled);
		smuggle("an invalid chunk size", "Transfer-Encoding: chunked", "zz" + CRLF + smuggled);
		smuggle("a chunk size that is too large", "Transfer-Encoding: chunked", "fffffffffffffffff" + CRLF + smuggled);
		smuggle("a negative chunk size", "Transfer-Encoding: chunked", "-1" + CRLF + smuggled);
	}

	private void slowClients() {
		slow("a head that never ends", "GET /api/v1/orders HTTP/1.1" + CRLF + "Host: {host}" + CRLF + "X-Slow: ");
		slow("a body that never comes", "POST /api/v1/sessions HTTP/1.1" + CRLF + "Host: {host}" + CRLF
				+ "Content-Type: application/json" + CRLF + "Content-Length: 100" + CRLF + CRLF + "{");
		slow("a chunk that never comes",
				"POST /api/v1/sessions HTTP/1.1" + CRLF + "Host: {host}" + CRLF + "Content-Type: application/json"
						+ CRLF + "Transfer-Encoding: chunked" + CRLF + CRLF + "5" + CRLF + "{");
		for (String bytes : List.of("GET /api/v1/orders" + CRLF, "GET /api/v1/orders HTTP/0.9" + CRLF + CRLF,
				"PRI * HTTP/2.0" + CRLF + CRLF + "SM" + CRLF + CRLF,
				"GET /api/v1/orders HTTP/1.1 and more" + CRLF + CRLF,
				"\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + CRLF + CRLF,
				" GET / HTTP/1.1" + CRLF + CRLF, "*1" + CRLF + "$4" + CRLF + "PING" + CRLF + CRLF)) {
			this.attacks.add(attack(
					"invalid HTTP/1.1: " + bytes.lines().findFirst().orElse("").replaceAll("\\p{Cc}", "?"), () -> {
						for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.ORDER_SERVICE)) {
							for (Response response : RawConnection.exchangeAll(this.scenario.platform().url(entryPoint),
									bytes)) {
								assertThat(response.status()).as(entryPoint + response.body())
									.isIn(400, 401, 404, 405, 408, 505);
							}
						}
					}));
		}
	}

	private void notRouted(String path, int status, String code) {
		Attack attack = attack("the path " + path);
		for (PartName part : PartName.SERVICES) {
			attack = attack.direct(part, Request.get(path).bearer(this.admin));
		}
		this.attacks.add(attack.refused(status, code));
	}

	private void refusedRaw(String name, String text) {
		this.attacks.add(attack(name).send(Parts.ORDER_SERVICE, Request.raw(text)).refused(400, "BAD_REQUEST"));
	}

	private static String get(String headers) {
		return "GET /api/v1/orders HTTP/1.1" + CRLF + headers + CRLF + CRLF;
	}

	/**
	 * Sends an anonymous request with an ambiguous end, whose possible body contains a
	 * request of an administrator. The second request is never executed.
	 */
	private void smuggle(String name, String headers, String rest) {
		this.attacks.add(attack(name, () -> {
			for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.ORDER_SERVICE)) {
				List<Response> responses = RawConnection.exchangeAll(this.scenario.platform().url(entryPoint),
						"POST /api/v1/orders HTTP/1.1" + CRLF + "Host: {host}" + CRLF + headers + CRLF + CRLF + rest);
				assertThat(responses).as(entryPoint.text())
					.isNotEmpty()
					.allSatisfy((response) -> assertThat(response.status()).isIn(400, 401));
				assertThat(this.scenario.admin().session().order(this.scenario.order().id()).status())
					.isEqualTo("CONFIRMED");
			}
		}));
	}

	/** The server closes the connection in time, with or without a response. */
	private void slow(String name, String beginning) {
		this.attacks.add(attack(name, () -> {
			try (ExecutorService entryPoints = Executors.newVirtualThreadPerTaskExecutor()) {
				List<Future<Response>> responses = new ArrayList<>();
				for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.USER_SERVICE)) {
					responses.add(entryPoints.submit(() -> {
						URI server = this.scenario.platform().url(entryPoint);
						try (RawConnection connection = RawConnection.to(server, null)) {
							connection.send(beginning.replace("{host}", server.getAuthority())
								.getBytes(StandardCharsets.US_ASCII));
							return connection.readUntilClosed(Duration.ofSeconds(20));
						}
					}));
				}
				for (Future<Response> response : responses) {
					assertThat(response.get().status()).isIn(0, 400, 408);
				}
			}
		}));
	}

	private Response ask(PartName entryPoint, Request request) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint), request, null);
	}

}
