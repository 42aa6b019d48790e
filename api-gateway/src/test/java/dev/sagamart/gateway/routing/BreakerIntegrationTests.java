package dev.sagamart.gateway.routing;

import com.sun.net.httpserver.HttpExchange;
import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each test uses its own route, because circuit breakers keep their state. */
@TestPropertySource(properties = { "resilience4j.circuitbreaker.configs.default.minimum-number-of-calls=5",
		"resilience4j.circuitbreaker.configs.default.wait-duration-in-open-state=2s",
		"resilience4j.circuitbreaker.configs.default.permitted-number-of-calls-in-half-open-state=1",
		"resilience4j.circuitbreaker.configs.default.slow-call-duration-threshold=500ms",
		"resilience4j.bulkhead.configs.default.max-concurrent-calls=3",
		"resilience4j.bulkhead.configs.streaming.max-concurrent-calls=2",
		"resilience4j.bulkhead.configs.passwords.max-concurrent-calls=2" })
class BreakerIntegrationTests extends GatewayTest {

	private List<String> metrics() {
		return scraped().lines()
			.filter((line) -> line.startsWith("resilience4j") || line.startsWith("sagamart_gateway"))
			.toList();
	}

	@Test
	void opensForAFailingServiceAndClosesAfterItRecovers() {
		PRODUCTS.answers((exchange) -> Upstream.answer(exchange, 500, "broken"));
		assertThat(IntStream.range(0, 5).map((i) -> send(request("/api/v1/products")).statusCode())).containsOnly(500);
		HttpResponse<String> refused = send(request("/api/v1/products"));
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(refused).get("code").stringValue()).isEqualTo("SERVICE_UNAVAILABLE");
		assertThat(PRODUCTS.seen()).hasSize(5);
		assertThat(metrics()).contains("resilience4j_circuitbreaker_state{name=\"products\",state=\"open\"} 1.0");
		assertThat(send(request("/api/v1/users/me", CUSTOMER)).statusCode()).as("another route").isEqualTo(200);
		PRODUCTS.reset();
		Awaitility.await("a trial that is neither refused nor slow").untilAsserted(() -> {
			assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
			assertThat(metrics()).contains("resilience4j_circuitbreaker_state{name=\"products\",state=\"closed\"} 1.0");
		});
	}

	@Test
	void opensForAnUnavailableService() {
		List<Integer> answers = IntStream.range(0, 6)
			.mapToObj((i) -> send(request("/api/v1/payments/1", CUSTOMER)).statusCode())
			.toList();
		assertThat(answers).containsOnly(503);
		assertThat(metrics()).contains("resilience4j_circuitbreaker_state{name=\"payments\",state=\"open\"} 1.0");
	}

	@Test
	void opensForASlowService() {
		ORDERS.answers((exchange) -> {
			Awaitility.await().pollDelay(Duration.ofMillis(600)).until(() -> true);
			Upstream.answer(exchange, 200, "at last");
		});
		assertThat(IntStream.range(0, 5).map((i) -> send(request("/api/v1/orders", CUSTOMER)).statusCode()))
			.containsOnly(200);
		assertThat(send(request("/api/v1/orders", CUSTOMER)).statusCode()).isEqualTo(503);
		assertThat(ORDERS.seen()).hasSize(5);
	}

	@Test
	void countsRefusalsAsSuccesses() {
		USERS.answers((exchange) -> Upstream.answer(exchange, 404, "not here"));
		assertThat(IntStream.range(0, 20).map((i) -> send(request("/api/v1/users/me", CUSTOMER)).statusCode()))
			.containsOnly(404);
		assertThat(USERS.seen()).hasSize(20);
	}

	/** A service that is busy with hashing passwords still handles other requests. */
	@Test
	void separatesPasswordHashingFromOtherRequests() throws Exception {
		USERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("X-Busy", "1");
			Upstream.answer(exchange, 503, "busy");
		});
		for (int i = 0; i < 10; i++) {
			HttpResponse<String> busy = send(signIn());
			assertThat(busy.statusCode()).isEqualTo(503);
			assertThat(busy.headers().firstValue("X-Busy")).isEmpty();
		}
		assertThat(USERS.seen()).as("the circuit stays closed").hasSize(10);
		CountDownLatch release = new CountDownLatch(1);
		USERS.answers((exchange) -> {
			if (exchange.getRequestURI().getPath().endsWith("/sessions")) {
				awaitLatch(release, 20);
			}
			Upstream.answer(exchange, 200, "users");
		});
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> waiting = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				waiting.add(clients.submit(() -> send(signIn()).statusCode()));
			}
			Awaitility.await().until(() -> USERS.seen().size() == 12);
			assertThat(send(signIn()).statusCode()).as("a third request").isEqualTo(503);
			assertThat(send(request("/api/v1/sessions/refresh").POST(HttpRequest.BodyPublishers.ofString("{}")))
				.statusCode()).isEqualTo(200);
			assertThat(send(request("/oauth2/jwks")).statusCode()).isEqualTo(200);
			release.countDown();
			for (Future<Integer> answer : waiting) {
				assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(200);
			}
		}
		USERS.answers((exchange) -> Upstream.answer(exchange, 500, "broken"));
		assertThat(IntStream.range(0, 6).map((i) -> send(signIn()).statusCode())).contains(503);
		assertThat(send(request("/oauth2/jwks")).statusCode()).as("its own circuit is closed").isEqualTo(500);
	}

	private HttpRequest.Builder signIn() {
		return request("/api/v1/sessions").POST(HttpRequest.BodyPublishers.ofString("{}"));
	}

	@Test
	void limitsTheConcurrentRequestsOfARoute() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		USERS.answers((exchange) -> answerAfter(release, exchange));
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> waiting = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				waiting.add(clients.submit(() -> send(request("/openapi/users.json")).statusCode()));
			}
			Awaitility.await().until(() -> USERS.seen().size() == 3);
			HttpResponse<String> refused = send(request("/openapi/users.json"));
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(send(request("/openapi/products.json")).statusCode()).as("another route").isEqualTo(200);
			release.countDown();
			for (Future<Integer> answer : waiting) {
				assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(200);
			}
		}
		assertThat(send(request("/openapi/users.json")).statusCode()).isEqualTo(200);
		assertThat(metrics()).contains("sagamart_gateway_bulkhead_refused_total{route=\"users-document\"} 1.0");
	}

	@Test
	void limitsStreamsSeparately() throws IOException {
		CountDownLatch release = new CountDownLatch(1);
		ORDERS.answers((exchange) -> {
			if (!exchange.getRequestURI().getPath().endsWith("/events")) {
				Upstream.answer(exchange, 200, "order");
				return;
			}
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.US_ASCII));
			exchange.getResponseBody().flush();
			awaitLatch(release, 20);
		});
		try (InputStream one = events(); InputStream two = events()) {
			assertThat(List.of((char) one.read(), (char) two.read())).containsOnly('d');
			assertThat(send(request("/api/v1/orders/3/events", CUSTOMER)).statusCode()).isEqualTo(503);
			assertThat(send(request("/openapi/orders.json")).statusCode()).isEqualTo(200);
		}
		release.countDown();
	}

	private InputStream events() {
		return send(request("/api/v1/orders/1/events", CUSTOMER), HttpResponse.BodyHandlers.ofInputStream()).body();
	}

	private static void answerAfter(CountDownLatch release, HttpExchange exchange) throws IOException {
		awaitLatch(release, 20);
		Upstream.answer(exchange, 200, "released");
	}

}
