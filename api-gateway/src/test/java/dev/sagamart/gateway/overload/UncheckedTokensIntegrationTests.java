package dev.sagamart.gateway.overload;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import dev.sagamart.platform.test.TestTokens;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests whose tokens cannot be checked yet, because the issuer does not respond. */
@TestPropertySource(properties = { "sagamart.gateway.overload.min-concurrent=10",
		"sagamart.gateway.overload.initial-concurrent=10", "sagamart.gateway.overload.max-concurrent=10" })
class UncheckedTokensIntegrationTests extends GatewayTest {

	private static final Upstream ISSUER = new Upstream("issuer");

	@DynamicPropertySource
	static void issuer(DynamicPropertyRegistry registry) {
		registry.add("sagamart.security.jwks-uri", () -> ISSUER.url() + "/oauth2/jwks");
	}

	@Test
	void holdNoPermits() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		ISSUER.answers((exchange) -> {
			if (exchange.getRequestURI().getPath().endsWith("/jwks")) {
				awaitLatch(release, 20);
			}
			Upstream.answer(exchange, 200, "{\"keys\": [], \"revoked\": {}}");
		});
		String token = TestTokens.shared().token().signedBy(TestTokens.newKeys().getPrivate()).compact();
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> waiting = new ArrayList<>();
			for (int i = 0; i < 30; i++) {
				waiting.add(clients.submit(() -> send(request("/api/v1/products", token)).statusCode()));
			}
			Awaitility.await().until(() -> ISSUER.seen().stream().anyMatch((seen) -> seen.path().endsWith("/jwks")));
			assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
			assertThat(send(request("/api/v1/sessions").POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode())
				.isEqualTo(200);
			assertThat(waiting).noneMatch(Future::isDone);
			release.countDown();
			for (Future<Integer> answer : waiting) {
				assertThat(answer.get(30, TimeUnit.SECONDS)).as("a public path").isIn(200, 503);
			}
		}
	}

}
