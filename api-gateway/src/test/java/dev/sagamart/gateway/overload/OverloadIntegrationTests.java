package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@TestPropertySource(
		properties = { "sagamart.gateway.overload.min-concurrent=10", "sagamart.gateway.overload.initial-concurrent=10",
				"sagamart.gateway.overload.max-concurrent=40", "sagamart.gateway.overload.slow=200ms" })
class OverloadIntegrationTests extends GatewayTest {

	@Autowired
	private ConcurrencyLimiter limiter;

	private final List<Future<Integer>> answers = new ArrayList<>();

	private HttpRequest.Builder order() {
		return request("/api/v1/orders", CUSTOMER).POST(HttpRequest.BodyPublishers.ofString("{}"));
	}

	@Test
	void refusesExcessRequestsAtOnceAndRecovers() throws Exception {
		// The other tests change the limit.
		int admitted = this.limiter.limit() * 80 / 100;
		CountDownLatch release = new CountDownLatch(1);
		PRODUCTS.answers((exchange) -> {
			awaitLatch(release, 20);
			Upstream.answer(exchange, 200, "at last");
		});
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < admitted + 22; i++) {
				this.answers.add(clients.submit(() -> send(request("/api/v1/products")).statusCode()));
			}
			Awaitility.await("22 are refused while none is answered")
				.until(() -> this.answers.stream().filter(Future::isDone).count() == 22);
			HttpResponse<String> refused = send(request("/api/v1/products"));
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(json(refused).get("code").stringValue()).isEqualTo("SERVICE_UNAVAILABLE");
			assertThat(send(request("/api/v1/products", "nonsense")).statusCode()).as("an invalid token")
				.isEqualTo(503);
			assertThat(send(request("/api/v1/products").header("Authorization", "Basic YTpi")).statusCode())
				.isEqualTo(503);
			assertThat(PRODUCTS.seen()).hasSize(admitted);
			assertThat(send(request("/api/v1/cart", CUSTOMER)).statusCode()).as("a valid token").isEqualTo(200);
			assertThat(send(order()).statusCode()).as("orders use reserved permits").isEqualTo(200);
			assertThat(send(management("/actuator/health/readiness")).statusCode()).as("management").isEqualTo(200);
			release.countDown();
			List<Integer> statuses = new ArrayList<>();
			for (Future<Integer> answer : this.answers) {
				statuses.add(answer.get(20, TimeUnit.SECONDS));
			}
			assertThat(statuses).containsOnly(200, 503);
			assertThat(statuses.stream().filter((status) -> status == 200)).hasSize(admitted);
		}
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
	}

	@Test
	void respondsToEveryRequestOfAnOverloadedService() throws Exception {
		Semaphore capacity = new Semaphore(2);
		PRODUCTS.answers((exchange) -> {
			capacity.acquireUninterruptibly();
			try {
				Awaitility.await().pollDelay(Duration.ofMillis(20)).until(() -> true);
			}
			finally {
				capacity.release();
			}
			Upstream.answer(exchange, 200, "done");
		});
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 400; i++) {
				this.answers.add(clients.submit(() -> send(request("/api/v1/products")).statusCode()));
			}
			for (Future<Integer> answer : this.answers) {
				assertThat(answer.get(30, TimeUnit.SECONDS)).isIn(200, 503);
			}
		}
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
	}

	@Test
	void streamsAndSlowBodiesHoldNoPermits() throws IOException {
		CountDownLatch release = new CountDownLatch(1);
		ORDERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.US_ASCII));
			exchange.getResponseBody().flush();
			awaitLatch(release, 20);
		});
		List<AutoCloseable> open = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			InputStream events = send(request("/api/v1/orders/1/events", CUSTOMER),
					HttpResponse.BodyHandlers.ofInputStream())
				.body();
			assertThat(events.read()).isEqualTo('d');
			open.add(events);
			Socket upload = new Socket("127.0.0.1", this.port);
			upload.getOutputStream()
				.write("POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
					.getBytes(StandardCharsets.US_ASCII));
			open.add(upload);
		}
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
		release.countDown();
		for (AutoCloseable resource : open) {
			org.assertj.core.api.Assertions.assertThatCode(resource::close).doesNotThrowAnyException();
		}
		ConcurrencyLimiter.Permit permit = this.limiter.newPermit();
		assertThat(permit.acquire(false)).isTrue();
		permit.release();
	}

}
