package dev.sagamart.gateway.ratelimit;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.platform.test.TestServers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Limits as clients meet them; each test comes from an address of its own. */
@TestPropertySource(
		properties = { "sagamart.gateway.trusted-proxies=127.0.0.0/8", "sagamart.gateway.rate-limits.redis-timeout=3s",
				"sagamart.gateway.rate-limits.user.per-second=1", "sagamart.gateway.rate-limits.user.burst=10",
				"sagamart.gateway.rate-limits.address.per-second=1", "sagamart.gateway.rate-limits.address.burst=25",
				"sagamart.gateway.rate-limits.anonymous.per-second=1", "sagamart.gateway.rate-limits.anonymous.burst=8",
				"sagamart.gateway.rate-limits.sign-in.per-second=1", "sagamart.gateway.rate-limits.sign-in.burst=5" })
class RateLimitIntegrationTests extends GatewayTest {

	private static int addresses;

	private String address = "";

	@BeforeEach
	void comeFromAnotherAddress() {
		this.address = "198.51.100." + ++addresses;
		await().until(() -> {
			send(request("/warm-up").header("X-Forwarded-For", "192.0.2.1"));
			return scraped().contains("sagamart_gateway_ratelimit_local 0.0");
		});
	}

	private double failures() {
		String name = "resilience4j_circuitbreaker_calls_seconds_count{kind=\"failed\",name=\"redis\"} ";
		return scraped().lines()
			.filter((line) -> line.startsWith(name))
			.mapToDouble((line) -> Double.parseDouble(line.substring(name.length())))
			.sum();
	}

	private HttpRequest.Builder read(String from) {
		return request("/api/v1/products").header("X-Forwarded-For", from);
	}

	private HttpRequest.Builder read() {
		return read(this.address);
	}

	/** How many pass until one is refused: the burst, and what came back meanwhile. */
	private static long passed(Supplier<HttpRequest.Builder> request, int most) {
		return Stream.generate(() -> send(request.get()).statusCode())
			.limit(most)
			.takeWhile((status) -> status != 429)
			.count();
	}

	private static void assertRefusedAfter(int burst, Supplier<HttpRequest.Builder> request) {
		Instant start = Instant.now();
		long passed = passed(request, 200);
		assertThat(passed).isBetween((long) burst, burst + 1 + Duration.between(start, Instant.now()).toSeconds());
	}

	private static long header(HttpResponse<String> response, String name) {
		List<String> values = response.headers().allValues(name);
		assertThat(values).as(name).hasSize(1);
		return Long.parseLong(values.getFirst());
	}

	@Test
	void tellsClientsHowMuchIsLeft() {
		HttpResponse<String> first = send(read());
		assertThat(header(first, "RateLimit-Limit")).isEqualTo(8);
		assertThat(header(first, "RateLimit-Remaining")).isEqualTo(7);
		assertThat(header(first, "RateLimit-Reset")).isEqualTo(1);
		HttpResponse<String> second = send(read());
		assertThat(header(second, "RateLimit-Remaining")).isBetween(6L, 7L);
		assertThat(second.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void refusesAnAddressThatAsksTooOften() {
		assertRefusedAfter(8, this::read);
		PRODUCTS.reset();
		HttpResponse<String> refused = Stream.generate(() -> send(read())).limit(50).peek((answer) -> {
			if (answer.statusCode() != 429) {
				PRODUCTS.reset();
			}
		}).filter((answer) -> answer.statusCode() == 429).findFirst().orElseThrow();
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(refused).get("code").stringValue()).isEqualTo("TOO_MANY_REQUESTS");
		assertThat(header(refused, "Retry-After")).isEqualTo(1);
		assertThat(header(refused, "RateLimit-Remaining")).isZero();
		assertThat(header(refused, "RateLimit-Reset")).isBetween(6L, 8L);
		assertThat(refused.headers().firstValue("X-Correlation-Id")).isPresent();
		assertThat(PRODUCTS.seen()).isEmpty();
		assertThat(send(read(this.address + "0")).statusCode()).as("another address").isEqualTo(200);
	}

	@Test
	void countsAUserWhereverTheyAre() {
		String token = TOKENS.customer(UUID.randomUUID());
		AtomicInteger address = new AtomicInteger();
		assertRefusedAfter(10,
				() -> read("203.0.113." + address.incrementAndGet()).header("Authorization", "Bearer " + token));
		assertThat(send(read()).statusCode()).as("the address without the token").isEqualTo(200);
		assertThat(send(read().header("Authorization", "Bearer " + TOKENS.customer(UUID.randomUUID()))).statusCode())
			.as("another user there")
			.isEqualTo(200);
	}

	@Test
	void givesAnAddressNoMoreForMoreUsers() {
		Supplier<HttpRequest.Builder> asAnother = () -> read().header("Authorization",
				"Bearer " + TOKENS.customer(UUID.randomUUID()));
		assertRefusedAfter(25, asAnother);
		HttpResponse<String> refused = Stream.generate(() -> send(asAnother.get()))
			.limit(50)
			.filter((answer) -> answer.statusCode() == 429)
			.findFirst()
			.orElseThrow();
		assertThat(header(refused, "RateLimit-Limit")).isEqualTo(25);
		assertThat(header(refused, "Retry-After")).isEqualTo(1);
		assertThat(send(read()).statusCode()).as("somebody there without a token").isEqualTo(200);
		String token = TOKENS.customer(UUID.randomUUID());
		assertThat(header(send(read("192.0.2.99").header("Authorization", "Bearer " + token)), "RateLimit-Remaining"))
			.as("a user elsewhere")
			.isEqualTo(9);
		assertThat(scraped())
			.containsPattern("ratelimit_requests_total\\{limit=\"address\",outcome=\"refused\"} [1-9]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer nonsense", "Bearer ", "Basic YWxpY2U6cGFzc3dvcmQ=" })
	void countsBadTokensAgainstTheAddress(String authorization) {
		assertRefusedAfter(8, () -> read().header("Authorization", authorization));
		assertThat(passed(this::read, 8)).as("the same address without a token").isLessThan(8);
	}

	@ParameterizedTest
	@CsvSource({ "POST, /api/v1/users", "POST, /api/v1/sessions", "POST, /api/v1/sessions/refresh",
			"POST, /api/v1/email-confirmations", "POST, /api/v1/password-resets", "PUT, /api/v1/password-resets/token",
			"PUT, /api/v1/users/me/email", "POST, /api/v1/users/me/second-factor",
			"PUT, /api/v1/users/me/second-factor", "DELETE, /api/v1/users/me/second-factor", "POST, /oauth2/token",
			"POST, /login", "GET, /oauth2/authorize", "POST, /api/v1/%73essions" })
	void isStricterWhereAccountsCanBeTriedOut(String method, String path) {
		HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody())
			.header("X-Forwarded-For", this.address)
			.header("Authorization", "Bearer " + CUSTOMER);
		assertRefusedAfter(5, () -> request);
		assertThat(header(send(request), "RateLimit-Limit")).isEqualTo(5);
	}

	@Test
	void takesIpv4ForTheSameClientHoweverItIsWritten() {
		AtomicInteger turn = new AtomicInteger();
		List<String> forms = List.of("%s", "::ffff:%s", "0:0:0:0:0:FFFF:%s");
		assertRefusedAfter(8, () -> read(forms.get(turn.getAndIncrement() % 3).formatted(this.address)));
	}

	@Test
	void takesAnIpv6NetworkForOneClient() {
		AtomicInteger host = new AtomicInteger();
		assertRefusedAfter(8, () -> read("2001:db8:1:2:" + host.incrementAndGet() + "::1"));
		assertThat(send(read("2001:db8:1:3::1")).statusCode()).isEqualTo(200);
	}

	@Test
	void neverLimitsManagement() {
		assertRefusedAfter(8, this::read);
		assertThat(IntStream.range(0, 20).mapToObj((i) -> scraped())).allSatisfy((metrics) -> assertThat(metrics)
			.contains("sagamart_gateway_ratelimit_requests_total{limit=\"anonymous\",outcome=\"refused\"}"));
	}

	@Test
	void goesOnWithoutRedis() {
		TestServers.redis().hang();
		try {
			double failures = failures();
			assertRefusedAfter(8, this::read);
			assertThat(failures() - failures).as("requests that waited for it").isBetween(1.0, 7.0);
			assertThat(scraped()).contains("sagamart_gateway_ratelimit_local 1.0");
			assertThat(send(management("/actuator/health/readiness")).statusCode()).isEqualTo(200);
		}
		finally {
			TestServers.redis().wake();
		}
	}

}
