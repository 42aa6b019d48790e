package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sagamart.e2e.InTurn;
import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.WholePlatform;
import dev.sagamart.e2e.attack.Attack.Refusal;
import dev.sagamart.e2e.attack.Attack.Call;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every attack is refused as the contract says, through the gateway and directly at a
 * service. The response reveals no internals, and the database does not change.
 */
@WholePlatform
@InTurn(0)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksIntegrationTests {

	private static final Pattern LEAK = Pattern.compile(
			"(?i)\\b(java|jakarta|org\\.(springframework|hibernate|postgresql|apache)|com\\.fasterxml|tools\\.jackson|"
					+ "io\\.netty|reactor|dev\\.sagamart)\\.[a-z]|Exception|\\bat [a-z.]+\\(|\\bselect .+ from\\b|"
					+ "\\binsert into\\b|postgres|hikari|tomcat|netty|jdbc:|localhost:\\d|127\\.0\\.0\\.1");

	private static final String TOKENS = "forged and misplaced access tokens";

	private static final String ACCESS = "access to other users' data and to administrators' functions";

	private static final String INPUT = "malformed and malicious input";

	private static final String EDGE = "bypassing the gateway and forging client identity";

	private static final String KEYS = "idempotency keys";

	private static final String SESSIONS = "password guessing and stolen refresh tokens";

	private static final String MAIL = "email addresses and password resets";

	private static final String SECOND_FACTORS = "bypassing a second factor";

	private static final String STALE_CLAIMS = "tokens with outdated roles";

	private static final String SCOPES = "clients that exceed their scopes";

	private static final String OAUTH = "OAuth codes, clients and redirects";

	private static final String LIMITS = "rate limits and quotas";

	private static final String BUDGETS = "exhaustion of memory, CPU and stock";

	private static final String GRPC = "prices over gRPC";

	private final RunningPlatform platform;

	private final Scenario scenario;

	private final TokenForge forge;

	private final AttackerServer attackerServer;

	private final Connection database;

	private final DatabaseState databaseState;

	private Map<String, Set<String>> state;

	private final Map<String, List<Attack>> attacks = new LinkedHashMap<>();

	AttacksIntegrationTests(RunningPlatform platform) throws Exception {
		this.platform = platform;
		this.scenario = Scenario.create(platform);
		this.database = platform.database();
		this.forge = TokenForge.create(this.scenario.admin().token(),
				platform.api().anonymous().get("/oauth2/jwks").expect(200).json(), this.database,
				platform.signingMasterKey());
		this.attackerServer = AttackerServer
			.start(JsonMapper.shared().writeValueAsString(Map.of("keys", List.of(this.forge.attackersJwk()))));
		this.attacks.put(TOKENS, TokenAttacks.of(this.scenario, this.forge, this.attackerServer));
		this.attacks.put(ACCESS, AccessAttacks.of(this.scenario));
		this.attacks.put(INPUT, InputAttacks.of(this.scenario));
		this.attacks.put(EDGE, EdgeAttacks.of(this.scenario));
		this.attacks.put(KEYS, KeyAttacks.of(this.scenario));
		this.attacks.put(SESSIONS, SessionAttacks.of(this.scenario));
		this.attacks.put(MAIL, MailAttacks.of(this.scenario));
		this.attacks.put(SECOND_FACTORS, SecondFactorAttacks.of(this.scenario));
		this.attacks.put(STALE_CLAIMS, StaleClaimAttacks.of(this.scenario));
		this.attacks.put(SCOPES, ScopeAttacks.of(this.scenario, this.forge));
		this.attacks.put(OAUTH, OAuthAttacks.of(this.scenario));
		this.attacks.put(LIMITS, LimitAttacks.of(this.scenario, this.forge));
		this.attacks.put(BUDGETS, BudgetAttacks.of(this.scenario));
		this.attacks.put(GRPC, GrpcAttacks.of(this.scenario, this.forge));
		platform.awaitQuiet();
		this.databaseState = new DatabaseState(this.database);
		this.state = this.databaseState.read();
	}

	@AfterAll
	void close() throws SQLException {
		this.attackerServer.close();
		this.database.close();
	}

	/**
	 * A valid token from the same forge is accepted. Without this, the refusals would
	 * prove nothing.
	 */
	@Test
	void acceptsAValidToken() {
		String token = this.forge.signedByIssuer(this.forge.claims());
		Map<PartName, String> paths = Map.of(Parts.API_GATEWAY, "/api/v1/users/me", Parts.USER_SERVICE,
				"/api/v1/users/me", Parts.PRODUCT_SERVICE,
				"/api/v1/products/" + this.scenario.product().id() + "/stock", Parts.ORDER_SERVICE,
				"/api/v1/orders/" + this.scenario.order().id(), Parts.PAYMENT_SERVICE,
				"/api/v1/payments/" + this.scenario.payment().id());
		paths.forEach((part,
				path) -> assertThat(
						RawConnection.exchange(this.platform.url(part), Request.get(path).bearer(token), null).status())
					.as(part + " " + path)
					.isEqualTo(200));
	}

	@TestFactory
	Stream<DynamicTest> refusesForgedTokens() {
		return tests(TOKENS);
	}

	@TestFactory
	Stream<DynamicTest> refusesAccessToOtherUsersData() {
		return tests(ACCESS);
	}

	@TestFactory
	Stream<DynamicTest> refusesBypassingTheGateway() {
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
	Stream<DynamicTest> refusesAttacksOnEmailAddresses() {
		return tests(MAIL);
	}

	@TestFactory
	Stream<DynamicTest> refusesBypassingASecondFactor() {
		return tests(SECOND_FACTORS);
	}

	@TestFactory
	Stream<DynamicTest> refusesTokensWithOutdatedRoles() {
		return tests(STALE_CLAIMS);
	}

	@TestFactory
	Stream<DynamicTest> refusesClientsThatExceedTheirScopes() {
		return tests(SCOPES);
	}

	@TestFactory
	Stream<DynamicTest> refusesInvalidOAuthRequests() {
		return tests(OAUTH);
	}

	@TestFactory
	Stream<DynamicTest> enforcesRateLimitsAndQuotas() {
		return tests(LIMITS);
	}

	@TestFactory
	Stream<DynamicTest> resistsExhaustion() {
		return tests(BUDGETS);
	}

	@TestFactory
	Stream<DynamicTest> refusesUnauthorisedGrpcCalls() {
		return tests(GRPC);
	}

	@TestFactory
	Stream<DynamicTest> refusesBadInput() {
		return tests(INPUT);
	}

	@Test
	void callsNoServerOfTheAttacker() {
		assertThat(this.attackerServer.requestedPaths()).isEmpty();
	}

	/** An attack counts once, even if it is sent to several parts. */
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
			.as("the table in docs/security.md is stale; -Dattacks.docs.update updates it")
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
					run(attack);
				}
			});
		});
	}

	private void run(Attack attack) throws SQLException {
		SoftAssertions softly = new SoftAssertions();
		for (Call call : attack.calls()) {
			long begin = System.nanoTime();
			Response response = RawConnection.exchange(this.platform.url(call.entryPoint()), call.request(),
					call.from());
			Duration duration = Duration.ofNanos(System.nanoTime() - begin);
			String what = attack.name() + ": " + call.request().method() + " " + shortened(call.request().target())
					+ " at " + call.entryPoint().text();
			Refusal refusal = attack.refusalAt(call.entryPoint());
			softly.assertThat(response.status() + " " + response.code())
				.as("%s%n%s", what, response.body())
				.isEqualTo(refusal.status() + " " + refusal.code());
			softly.assertThat(duration).as("%s", what).isLessThan(RawConnection.TIMEOUT);
			assertFollowsContract(softly, what, response);
		}
		Map<String, Set<String>> before = this.state;
		this.state = this.databaseState.read();
		softly.assertThat(DatabaseState.changes(before, this.state)).as("changed by: %s", attack.name()).isEmpty();
		softly.assertAll();
	}

	/**
	 * Asserts that a refusal has the form of the contract and reveals no internals.
	 */
	private static void assertFollowsContract(SoftAssertions softly, String what, Response response) {
		softly.assertThat(response.body()).as("%s", what).doesNotContainPattern(LEAK);
		softly.assertThat(response.headers("Server")).as("%s", what).isEmpty();
		softly.assertThat(response.headers("X-Powered-By")).as("%s", what).isEmpty();
		if (response.json().has("code")) {
			softly.assertThat(response.header("Content-Type")).as("%s", what).startsWith("application/problem+json");
			softly.assertThat(response.json().path("status").asInt()).as("%s", what).isEqualTo(response.status());
			softly.assertThat(response.json().path("correlationId").asString(""))
				.as("%s", what)
				.isNotEmpty()
				.isEqualTo(response.header("X-Correlation-Id"));
			softly.assertThat(response.json().propertyNames())
				.as("%s", what)
				.contains("type", "title", "status", "detail", "instance", "code", "correlationId");
		}
	}

	private static String shortened(String target) {
		return (target.length() > 90) ? target.substring(0, 90) + "…" : target;
	}

}
