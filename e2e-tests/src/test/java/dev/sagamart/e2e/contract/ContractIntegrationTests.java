package dev.sagamart.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.WholePlatform;
import dev.sagamart.e2e.client.Json;
import dev.sagamart.e2e.contract.Generator.Made;
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

/**
 * Every service does what its OpenAPI document says, and nothing else: whatever it is
 * asked, it answers in time, with a documented status, in the documented form and without
 * a word about its inside; and each documented answer of each operation is seen. The
 * requests are the same in every run, for a change is not to fail for what it has nothing
 * to do with: {@code -Dsagamart.fuzz.seed} makes others, and
 * {@code -Dsagamart.fuzz.requests} more.
 */
@WholePlatform
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractIntegrationTests {

	private static final int REQUESTS = Integer.getInteger("sagamart.fuzz.requests", 2000);

	/**
	 * Documented answers that the services' own tests bring about: they need a message
	 * that failed, a mail that was read, the last ADMIN of all, too many registrations of
	 * everybody here, two requests at the same moment, a token of an OpenID Connect
	 * client, the provider's signature, or that all else of a write is well (406).
	 */
	private static final Pattern SEEN_ELSEWHERE = Pattern
		.compile(".*/dead-letters/\\{id}.*: (204|409)|DELETE /api/v1/users/me: 409|PUT /api/v1/users/\\{id}/roles: 409|"
				+ "POST /api/v1/email-confirmations: (204|409)|PUT /api/v1/password-resets/\\{token}: 204|POST /api/v1/users: 429|"
				+ "POST /api/v1/payments/provider-events: 200|POST /api/v1/orders: 409|(GET|POST) /userinfo: .*|(POST|PUT) .*: 406|DELETE /api/v1/sessions/current: 415");

	/** Longer than any time-out of the platform, also on a machine that is busy. */
	private static final Duration HANGS = Duration.ofMinutes(1);

	private static final int WORKERS = 4;

	private static final int BODY_LIMIT = 1024 * 1024;

	private final RunningPlatform platform;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final World world;

	ContractIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.world = World.on(platform);
	}

	@AfterAll
	void holdsTheInvariantsAfterwards() throws SQLException {
		this.http.close();
		this.platform.awaitQuiet();
		this.platform.assertInvariantsHold();
	}

	@ParameterizedTest
	@FieldSource("dev.sagamart.e2e.Parts#BEHIND_THE_EDGE")
	void keepsToItsDocument(PartName service) throws Exception {
		long seed = Long.getLong("sagamart.fuzz.seed", 1);
		URI url = this.platform.url(service);
		OpenApi api = new OpenApi(document(url));
		assertThat(api.operations()).hasSizeGreaterThan(5);
		Seen seen = new Seen(api);
		Run run = new Run(service, url, api, seen);
		run.eachOperation();
		this.world.scripts(service, (token, made) -> run.ask(run.operationOf(made), made, token));
		run.atRandom(seed);
		System.out.println(service.text() + ": " + seen.answers() + " requests, seed " + seed + ", "
				+ api.operations().size() + " operations");
		SoftAssertions softly = new SoftAssertions();
		softly.assertThat(seen.complaints()).as("seed " + seed).isEmpty();
		softly.assertThat(seen.busy())
			.as("answers that ask to come back later")
			.isLessThanOrEqualTo(seen.answers() / 100);
		softly.assertThat(seen.missing())
			.filteredOn((answer) -> !SEEN_ELSEWHERE.matcher(answer).matches())
			.as("documented answers that nobody got")
			.isEmpty();
		softly.assertAll();
	}

	private JsonNode document(URI url) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(url.resolve("/openapi.json")).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return Json.tree(response.body());
	}

	/** What is asked of one service. */
	private final class Run {

		private final PartName service;

		private final URI url;

		private final OpenApi api;

		private final Seen seen;

		private final List<Operation> operations;

		Run(PartName service, URI url, OpenApi api, Seen seen) {
			this.service = service;
			this.url = url;
			this.api = api;
			this.seen = seen;
			this.operations = api.operations();
		}

		/** The answers that every operation of a kind has. */
		void eachOperation() {
			Generator generator = generator(7);
			for (Operation operation : this.operations) {
				if (ContractIntegrationTests.this.world.isDisruptive(operation)) {
					continue;
				}
				String token = tokenFor(operation);
				Made made = generator.fitting(operation);
				for (int i = 0; i < 12; i++) {
					ask(operation, generator.fitting(operation), token);
				}
				ask(operation, made, "");
				ask(operation, made, "not.a.token");
				ask(operation, made, ContractIntegrationTests.this.world.customer().token());
				ask(operation, made, ContractIntegrationTests.this.world.serviceToken());
				for (int i = 0; i < 6; i++) {
					ask(operation, with(generator.fitting(operation), "Accept", "application/xml"), token);
				}
				ask(operation,
						new Made(made.method(),
								made.target() + (made.target().contains("?") ? "&" : "?") + "pageSize=0&pageSize=1",
								made.headers(), made.body()),
						token);
				ask(operation, new Made(made.method(), operation.path().replaceAll("\\{[^}]+}", "x"), made.headers(),
						made.body()), token);
				ask(operation,
						new Made(made.method(),
								operation.path().replaceAll("\\{[^}]+}", "018f4e5a-0000-7000-8000-00000000000f"),
								made.headers(), made.body()),
						token);
				if (operation.has("If-Match")) {
					ask(operation, with(made, "If-Match", "\"999999\""), token);
				}
				if (operation.body() != null) {
					ask(operation, with(made, "Content-Type", "text/plain"), token);
					ask(operation, body(made, " ".repeat(BODY_LIMIT + 1)), token);
					ask(operation, body(made, "{"), token);
					ask(operation, body(made, "{\"no-such-field\": 1}"), token);
					ask(operation, body(made, "{}"), token);
				}
			}
		}

		void atRandom(long seed) throws Exception {
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
				if (ContractIntegrationTests.this.world.isDisruptive(operation)) {
					continue;
				}
				String token = switch (random.nextInt(8)) {
					case 0 -> "";
					case 1 -> ContractIntegrationTests.this.world.customer().token();
					case 2 -> ContractIntegrationTests.this.world.serviceToken();
					default -> tokenFor(operation);
				};
				ask(operation, (random.nextInt(4) == 0) ? generator.fitting(operation) : generator.odd(operation),
						token);
			}
		}

		void ask(Operation operation, Made made, String token) {
			this.seen.check(operation, made, send(operation, made, token));
		}

		/** The operation that a scripted request is for. */
		Operation operationOf(Made made) {
			String path = made.target().replaceFirst("\\?.*", "");
			return this.operations.stream()
				.filter((operation) -> operation.method().equals(made.method())
						&& path.matches(operation.path().replaceAll("\\{[^}]+}", "[^/]+")))
				.min(java.util.Comparator.comparing((operation) -> operation.path().contains("{")))
				.orElseThrow(() -> new AssertionError("Not documented: " + made));
		}

		private Seen.Answer send(Operation operation, Made made, String token) {
			HttpRequest.Builder request = HttpRequest.newBuilder(this.url.resolve(made.target())).timeout(HANGS);
			made.headers().forEach(request::setHeader);
			if (!token.isEmpty()) {
				request.setHeader("Authorization", "Bearer " + token);
			}
			byte[] body = made.body();
			request.method(made.method(), (body != null) ? HttpRequest.BodyPublishers.ofByteArray(body)
					: HttpRequest.BodyPublishers.noBody());
			try {
				HttpResponse<InputStream> response = ContractIntegrationTests.this.http.send(request.build(),
						HttpResponse.BodyHandlers.ofInputStream());
				try (InputStream in = response.body()) {
					boolean endless = operation.isStream() && response.statusCode() == 200;
					String text = endless ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
					return new Seen.Answer(response.statusCode(), response.headers(), text);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(this.service + " did not answer " + made, ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		private Generator generator(long seed) {
			return new Generator(this.api, new Random(seed),
					ContractIntegrationTests.this.world.knownIds(this.service));
		}

		private String tokenFor(Operation operation) {
			if (operation.open()) {
				return "";
			}
			return (operation.roles().equals(java.util.Set.of("ADMIN")) ? ContractIntegrationTests.this.world.admin()
					: ContractIntegrationTests.this.world.customer())
				.token();
		}

	}

	private static Made with(Made made, String header, String value) {
		Map<String, String> headers = new HashMap<>(made.headers());
		headers.put(header, value);
		return new Made(made.method(), made.target(), headers, made.body());
	}

	private static Made body(Made made, String body) {
		return new Made(made.method(), made.target(), made.headers(), body.getBytes(StandardCharsets.UTF_8));
	}

}
