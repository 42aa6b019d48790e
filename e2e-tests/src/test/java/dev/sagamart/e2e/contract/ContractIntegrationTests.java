package dev.sagamart.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.InTurn;
import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.WholePlatform;
import dev.sagamart.e2e.contract.Generator.GeneratedRequest;
import dev.sagamart.e2e.contract.OpenApi.Operation;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every service does what its OpenAPI document says. It responds to every request in time
 * with a documented status and form and reveals no internals, and every documented
 * response occurs. The requests are the same in every run, so that unrelated changes do
 * not fail; {@code -Dsagamart.fuzz.seed} selects others, and
 * {@code -Dsagamart.fuzz.requests} sets their number.
 */
@WholePlatform
@InTurn(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractIntegrationTests {

	private static final int REQUESTS = Integer.getInteger("sagamart.fuzz.requests", 2000);

	/**
	 * Documented responses that only the services' own tests cause. They need a dead
	 * letter, a received mail, the last ADMIN, too many registrations, concurrent
	 * requests, a token of an OpenID Connect client, the provider's signature, or an
	 * otherwise valid write (406).
	 */
	private static final Pattern TESTED_ELSEWHERE = Pattern.compile(
			".*/dead-letters/\\{id}.*: (200|204|406|409)|DELETE /api/v1/users/me: 409|PUT /api/v1/users/\\{id}/roles: 409|"
					+ "POST /api/v1/email-confirmations: (204|409)|PUT /api/v1/password-resets/\\{token}: 204|POST /api/v1/users: 429|"
					+ "POST /api/v1/payments/provider-events: 200|POST /api/v1/orders: 409|(GET|POST) /userinfo: .*|(POST|PUT) .*: 406|DELETE .*: 415");

	/** Longer than any time-out of the platform, even on a busy machine. */
	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final int WORKERS = 4;

	private static final int BODY_LIMIT = 1024 * 1024;

	private final RunningPlatform platform;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final ContractScenario scenario;

	ContractIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.scenario = new ContractScenario(platform);
	}

	@AfterAll
	void holdsTheInvariantsAfterwards() throws SQLException {
		this.http.close();
		this.platform.awaitQuiet();
		this.platform.assertInvariantsHold();
	}

	@ParameterizedTest
	@FieldSource("dev.sagamart.e2e.Parts#BEHIND_THE_EDGE")
	void followsItsDocument(PartName service) throws Exception {
		long seed = Long.getLong("sagamart.fuzz.seed", 1);
		URI url = this.platform.url(service);
		OpenApi api = new OpenApi(document(url));
		assertThat(api.operations()).hasSizeGreaterThan(5);
		ResponseChecker checker = new ResponseChecker(api);
		Run run = new Run(service, url, api, checker);
		run.commonResponses();
		this.scenario.scripts(service, (token, generated) -> run.ask(run.operationOf(generated), generated, token));
		run.fuzzAll(seed);
		System.out.println(service.text() + ": " + checker.responses() + " requests, seed " + seed + ", "
				+ api.operations().size() + " operations");
		SoftAssertions softly = new SoftAssertions();
		softly.assertThat(checker.violations()).as("seed " + seed).isEmpty();
		softly.assertThat(checker.busy())
			.as("responses with Retry-After")
			.isLessThanOrEqualTo(checker.responses() / 100);
		softly.assertThat(checker.missing())
			.filteredOn((response) -> !TESTED_ELSEWHERE.matcher(response).matches())
			.as("documented responses that did not occur")
			.isEmpty();
		softly.assertAll();
	}

	private JsonNode document(URI url) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(url.resolve("/openapi.json")).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	/** The requests to one service. */
	private final class Run {

		private final PartName service;

		private final URI url;

		private final OpenApi api;

		private final ResponseChecker checker;

		private final List<Operation> operations;

		Run(PartName service, URI url, OpenApi api, ResponseChecker checker) {
			this.service = service;
			this.url = url;
			this.api = api;
			this.checker = checker;
			this.operations = api.operations();
		}

		/** Causes the responses that all operations of a kind have in common. */
		void commonResponses() {
			Generator generator = generator(7);
			for (Operation operation : this.operations) {
				if (ContractIntegrationTests.this.scenario.isDisruptive(operation)) {
					continue;
				}
				String token = tokenFor(operation);
				GeneratedRequest generated = generator.validRequest(operation);
				for (int i = 0; i < 12; i++) {
					ask(operation, generator.validRequest(operation), token);
				}
				ask(operation, generated, "");
				ask(operation, generated, "not.a.token");
				ask(operation, generated, ContractIntegrationTests.this.scenario.customer().token());
				ask(operation, generated, ContractIntegrationTests.this.scenario.serviceToken());
				for (int i = 0; i < 6; i++) {
					ask(operation, with(generator.validRequest(operation), "Accept", "application/xml"), token);
				}
				ask(operation,
						new GeneratedRequest(generated.method(), generated.target()
								+ (generated.target().contains("?") ? "&" : "?") + "pageSize=0&pageSize=1",
								generated.headers(), generated.body()),
						token);
				ask(operation, new GeneratedRequest(generated.method(), operation.path().replaceAll("\\{[^}]+}", "x"),
						generated.headers(), generated.body()), token);
				ask(operation,
						new GeneratedRequest(generated.method(),
								operation.path().replaceAll("\\{[^}]+}", "018f4e5a-0000-7000-8000-00000000000f"),
								generated.headers(), generated.body()),
						token);
				if (operation.has("If-Match")) {
					ask(operation, with(generated, "If-Match", "\"999999\""), token);
				}
				if (operation.body() != null) {
					ask(operation, with(generated, "Content-Type", "text/plain"), token);
					ask(operation, body(generated, " ".repeat(BODY_LIMIT + 1)), token);
					ask(operation, body(generated, "{"), token);
					ask(operation, body(generated, "{\"no-such-field\": 1}"), token);
					ask(operation, body(generated, "{}"), token);
				}
			}
		}

		void fuzzAll(long seed) throws Exception {
			try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
				List<Future<?>> running = new ArrayList<>();
				for (int worker = 0; worker < WORKERS; worker++) {
					long own = seed * WORKERS + worker;
					running.add(workers.submit(() -> fuzz(own, REQUESTS / WORKERS)));
				}
				for (Future<?> one : running) {
					one.get();
				}
			}
		}

		private void fuzz(long seed, int requests) {
			Random random = new Random(seed);
			Generator generator = generator(seed);
			for (int i = 0; i < requests; i++) {
				Operation operation = this.operations.get(random.nextInt(this.operations.size()));
				if (ContractIntegrationTests.this.scenario.isDisruptive(operation)) {
					continue;
				}
				String token = switch (random.nextInt(8)) {
					case 0 -> "";
					case 1 -> ContractIntegrationTests.this.scenario.customer().token();
					case 2 -> ContractIntegrationTests.this.scenario.serviceToken();
					default -> tokenFor(operation);
				};
				ask(operation, (random.nextInt(4) == 0) ? generator.validRequest(operation)
						: generator.mutatedRequest(operation), token);
			}
		}

		void ask(Operation operation, GeneratedRequest generated, String token) {
			this.checker.check(operation, generated, send(operation, generated, token));
		}

		/** The operation of a scripted request. */
		Operation operationOf(GeneratedRequest generated) {
			String path = generated.target().replaceFirst("\\?.*", "");
			return this.operations.stream()
				.filter((operation) -> operation.method().equals(generated.method())
						&& path.matches(operation.path().replaceAll("\\{[^}]+}", "[^/]+")))
				.min(java.util.Comparator.comparing((operation) -> operation.path().contains("{")))
				.orElseThrow(() -> new AssertionError("Not documented: " + generated));
		}

		private ResponseChecker.Response send(Operation operation, GeneratedRequest generated, String token) {
			HttpRequest.Builder request = HttpRequest.newBuilder(this.url.resolve(generated.target())).timeout(TIMEOUT);
			generated.headers().forEach(request::setHeader);
			if (!token.isEmpty()) {
				request.setHeader("Authorization", "Bearer " + token);
			}
			byte[] body = generated.body();
			request.method(generated.method(), (body != null) ? HttpRequest.BodyPublishers.ofByteArray(body)
					: HttpRequest.BodyPublishers.noBody());
			try {
				HttpResponse<InputStream> response = ContractIntegrationTests.this.http.send(request.build(),
						HttpResponse.BodyHandlers.ofInputStream());
				try (InputStream in = response.body()) {
					boolean endless = operation.isStream() && response.statusCode() == 200;
					String text = endless ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
					return new ResponseChecker.Response(response.statusCode(), response.headers(), text);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(this.service + " did not answer " + generated, ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		private Generator generator(long seed) {
			return new Generator(this.api, new Random(seed),
					ContractIntegrationTests.this.scenario.knownIds(this.service));
		}

		private String tokenFor(Operation operation) {
			if (operation.open()) {
				return "";
			}
			return (operation.roles().equals(java.util.Set.of("ADMIN")) ? ContractIntegrationTests.this.scenario.admin()
					: ContractIntegrationTests.this.scenario.customer())
				.token();
		}

	}

	private static GeneratedRequest with(GeneratedRequest generated, String header, String value) {
		Map<String, String> headers = new HashMap<>(generated.headers());
		headers.put(header, value);
		return new GeneratedRequest(generated.method(), generated.target(), headers, generated.body());
	}

	private static GeneratedRequest body(GeneratedRequest generated, String body) {
		return new GeneratedRequest(generated.method(), generated.target(), generated.headers(),
				body.getBytes(StandardCharsets.UTF_8));
	}

}
