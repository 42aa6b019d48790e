package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.WholePlatform;
import dev.sagamart.e2e.attack.Attack.Refusal;
import dev.sagamart.e2e.attack.Attack.Way;
import dev.sagamart.e2e.client.Json;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every attack is refused in the words of the contract, says nothing about the inside,
 * and leaves nothing behind in the database, whether it comes through the gateway or goes
 * straight at a service.
 */
@WholePlatform
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksIntegrationTests {

	private static final Pattern LEAK = Pattern.compile(
			"(?i)\\b(java|jakarta|org\\.(springframework|hibernate|postgresql|apache)|com\\.fasterxml|tools\\.jackson|"
					+ "io\\.netty|reactor|dev\\.sagamart)\\.[a-z]|Exception|\\bat [a-z.]+\\(|\\bselect .+ from\\b|"
					+ "\\binsert into\\b|postgres|hikari|tomcat|netty|jdbc:|localhost:\\d|127\\.0\\.0\\.1");

	private static final String TOKENS = "forged and misplaced access tokens";

	private static final String ACCESS = "other people's things, and what is for administrators";

	private static final String INPUT = "malformed and malicious input";

	private static final String EDGE = "ways around the gateway, and what clients say of themselves";

	private static final String KEYS = "idempotency keys";

	private static final String SESSIONS = "passwords, and stolen refresh tokens";

	private static final String MAIL = "other people's addresses, and forgotten passwords";

	private static final String SECOND_FACTORS = "ways past a second factor";

	private static final String STALE_CLAIMS = "tokens of somebody who was more when they got them";

	private static final String SCOPES = "clients that do more than their scopes name";

	private static final String OAUTH = "codes, clients and redirects of OAuth";

	private static final String LIMITS = "more than one's share";

	private static final String BUDGETS = "what all need: room, processors, stock";

	private static final String GRPC = "prices over gRPC";

	private final RunningPlatform platform;

	private final Scene scene;

	private final TokenForge forge;

	private final Trap trap;

	private final Connection database;

	private final DatabaseState databaseState;

	private Map<String, String> state;

	private final Map<String, List<Attack>> attacks = new LinkedHashMap<>();

	AttacksIntegrationTests(RunningPlatform platform) throws Exception {
		this.platform = platform;
		this.scene = Scene.on(platform);
		this.database = platform.database();
		this.forge = TokenForge.after(this.scene.admin().token(),
				platform.api().anonymous().get("/oauth2/jwks").expect(200).json(), this.database,
				platform.signingMasterKey());
		this.trap = Trap.set(Json.write(Map.of("keys", List.of(this.forge.strangersJwk()))));
		this.attacks.put(TOKENS, TokenAttacks.in(this.scene, this.forge, this.trap));
		this.attacks.put(ACCESS, AccessAttacks.in(this.scene));
		this.attacks.put(INPUT, InputAttacks.in(this.scene));
		this.attacks.put(EDGE, EdgeAttacks.in(this.scene));
		this.attacks.put(KEYS, KeyAttacks.in(this.scene));
		this.attacks.put(SESSIONS, SessionAttacks.in(this.scene));
		this.attacks.put(MAIL, MailAttacks.in(this.scene));
		this.attacks.put(SECOND_FACTORS, SecondFactorAttacks.in(this.scene));
		this.attacks.put(STALE_CLAIMS, StaleClaimAttacks.in(this.scene));
		this.attacks.put(SCOPES, ScopeAttacks.in(this.scene, this.forge));
		this.attacks.put(OAUTH, OAuthAttacks.in(this.scene));
		this.attacks.put(LIMITS, LimitAttacks.in(this.scene, this.forge));
		this.attacks.put(BUDGETS, BudgetAttacks.in(this.scene));
		this.attacks.put(GRPC, GrpcAttacks.in(this.scene, this.forge));
		platform.awaitQuiet();
		this.databaseState = new DatabaseState(this.database);
		this.state = this.databaseState.read();
	}

	@AfterAll
	void close() throws SQLException {
		this.trap.close();
		this.database.close();
	}

	/**
	 * What the refusals are worth: a token from the same forge that is all right is
	 * taken.
	 */
	@Test
	void takesAGoodToken() {
		String token = this.forge.genuine(this.forge.claims());
		Map<PartName, String> paths = Map.of(Parts.API_GATEWAY, "/api/v1/users/me", Parts.USER_SERVICE,
				"/api/v1/users/me", Parts.PRODUCT_SERVICE, "/api/v1/products/" + this.scene.product().id() + "/stock",
				Parts.ORDER_SERVICE, "/api/v1/orders/" + this.scene.order().id(), Parts.PAYMENT_SERVICE,
				"/api/v1/payments/" + this.scene.payment().id());
		paths.forEach((part,
				path) -> assertThat(Wire.ask(this.platform.url(part), Request.get(path).bearer(token), null).status())
					.as(part + " " + path)
					.isEqualTo(200));
	}

	@TestFactory
	Stream<DynamicTest> refusesTokens() {
		return tests(TOKENS);
	}

	@TestFactory
	Stream<DynamicTest> refusesWhatIsNotTheirs() {
		return tests(ACCESS);
	}

	@TestFactory
	Stream<DynamicTest> refusesWaysAroundTheEdge() {
		return tests(EDGE);
	}

	@TestFactory
	Stream<DynamicTest> refusesWrongIdempotencyKeys() {
		return tests(KEYS);
	}

	@TestFactory
	Stream<DynamicTest> refusesGuessesAndStolenSessions() {
		return tests(SESSIONS);
	}

	@TestFactory
	Stream<DynamicTest> refusesTakingOverAddresses() {
		return tests(MAIL);
	}

	@TestFactory
	Stream<DynamicTest> refusesWaysPastASecondFactor() {
		return tests(SECOND_FACTORS);
	}

	@TestFactory
	Stream<DynamicTest> refusesWhatSomebodyMightOnce() {
		return tests(STALE_CLAIMS);
	}

	@TestFactory
	Stream<DynamicTest> refusesClientsMoreThanTheirScopes() {
		return tests(SCOPES);
	}

	@TestFactory
	Stream<DynamicTest> refusesWrongClientsAndCodes() {
		return tests(OAUTH);
	}

	@TestFactory
	Stream<DynamicTest> refusesMoreThanAShare() {
		return tests(LIMITS);
	}

	@TestFactory
	Stream<DynamicTest> refusesToBeUsedUp() {
		return tests(BUDGETS);
	}

	@TestFactory
	Stream<DynamicTest> refusesWhoIsNoServiceOverGrpc() {
		return tests(GRPC);
	}

	@TestFactory
	Stream<DynamicTest> refusesBadInput() {
		return tests(INPUT);
	}

	@Test
	void asksNoServerOfTheAttackers() {
		assertThat(this.trap.visits()).isEmpty();
	}

	/** Attacks are counted once, however many parts they are tried on. */
	@Test
	void triesAtLeast300Attacks() {
		List<String> names = this.attacks.values().stream().flatMap(List::stream).map(Attack::name).toList();
		assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(300);
	}

	@Test
	void areListedInTheDocument() throws IOException {
		String table = AttackTable.render(this.attacks);
		if (System.getProperty("attacks.docs.update") != null) {
			AttackTable.document(table);
		}
		assertThat(AttackTable.documented())
			.as("the table in docs/security.md is stale; -Dattacks.docs.update writes it anew")
			.isEqualTo(table);
	}

	private Stream<DynamicTest> tests(String what) {
		return this.attacks.getOrDefault(what, List.of()).stream().map((attack) -> {
			Attack.Script script = attack.script();
			return dynamicTest(attack.name(), () -> {
				if (script != null) {
					try {
						script.run();
					}
					finally {
						this.platform.awaitQuiet();
						this.state = this.databaseState.read();
					}
				}
				else {
					make(attack);
				}
			});
		});
	}

	private void make(Attack attack) throws SQLException {
		SoftAssertions softly = new SoftAssertions();
		for (Way way : attack.ways()) {
			long begin = System.nanoTime();
			Answer answer = Wire.ask(this.platform.url(way.door()), way.request(), way.from());
			Duration duration = Duration.ofNanos(System.nanoTime() - begin);
			String what = attack.name() + ": " + way.request().method() + " " + shortened(way.request().target())
					+ " at " + way.door().text();
			Refusal refusal = attack.refusalAt(way.door());
			softly.assertThat(answer.status() + " " + answer.code())
				.as("%s%n%s", what, answer.body())
				.isEqualTo(refusal.status() + " " + refusal.code());
			softly.assertThat(duration).as("%s", what).isLessThan(Wire.PATIENCE);
			assertProper(softly, what, answer);
		}
		Map<String, String> before = this.state;
		this.state = this.databaseState.read();
		before.forEach((table, rows) -> softly.assertThat(this.state.get(table))
			.as("%s after: %s", table, attack.name())
			.isEqualTo(rows));
		softly.assertAll();
	}

	/**
	 * A refusal is a problem of the contract's form, and says nothing about the inside.
	 */
	private static void assertProper(SoftAssertions softly, String what, Answer answer) {
		softly.assertThat(answer.body()).as("%s", what).doesNotContainPattern(LEAK);
		softly.assertThat(answer.headers("Server")).as("%s", what).isEmpty();
		softly.assertThat(answer.headers("X-Powered-By")).as("%s", what).isEmpty();
		if (answer.json().has("code")) {
			softly.assertThat(answer.header("Content-Type")).as("%s", what).startsWith("application/problem+json");
			softly.assertThat(answer.json().path("status").asInt()).as("%s", what).isEqualTo(answer.status());
			softly.assertThat(answer.json().path("correlationId").asString(""))
				.as("%s", what)
				.isNotEmpty()
				.isEqualTo(answer.header("X-Correlation-Id"));
			softly.assertThat(answer.json().propertyNames())
				.as("%s", what)
				.contains("type", "title", "status", "detail", "instance", "code", "correlationId");
		}
	}

	private static String shortened(String target) {
		return (target.length() > 90) ? target.substring(0, 90) + "…" : target;
	}

}
