package dev.sagamart.gateway.routing;

import com.sun.net.httpserver.HttpHandler;
import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@TestPropertySource(properties = "resilience4j.circuitbreaker.configs.default.minimum-number-of-calls=10000")
class RetryIntegrationTests extends GatewayTest {

	private static HttpHandler failingFirst(int times, HttpHandler failure) {
		AtomicInteger calls = new AtomicInteger();
		return (exchange) -> {
			if (calls.incrementAndGet() <= times) {
				failure.handle(exchange);
			}
			else {
				exchange.getResponseHeaders().set("ETag", "\"good\"");
				Upstream.answer(exchange, 200, "good");
			}
		};
	}

	private static HttpHandler status(int status) {
		return (exchange) -> {
			exchange.getResponseHeaders().set("ETag", "\"bad\"");
			Upstream.answer(exchange, status, "bad");
		};
	}

	@ParameterizedTest
	@ValueSource(ints = { 502, 503 })
	void retriesReadsAfterTransientErrors(int status) {
		PRODUCTS.answers(failingFirst(2, status(status)));
		HttpResponse<String> answer = send(request("/api/v1/products"));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("good");
		assertThat(answer.headers().allValues("ETag")).containsExactly("\"good\"");
		assertThat(answer.headers().allValues("RateLimit-Limit")).hasSize(1);
		assertThat(PRODUCTS.seen()).hasSize(3);
		assertThat(PRODUCTS.seen()).extracting((seen) -> seen.header("x-correlation-id"))
			.containsOnly(PRODUCTS.last().header("x-correlation-id"));
	}

	@Test
	void retriesReadsAfterABrokenConnection() {
		PRODUCTS.answers(failingFirst(1, (exchange) -> {
		}));
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(200);
		assertThat(PRODUCTS.seen()).hasSize(2);
		assertThat(scraped()).contains("sagamart_gateway_retries_total{route=\"products\"}");
	}

	@Test
	void forwardsTheLastResponse() {
		PRODUCTS.answers(status(502));
		HttpResponse<String> answer = send(request("/openapi/products.json"));
		assertThat(answer.statusCode()).isEqualTo(502);
		assertThat(answer.body()).isEqualTo("bad");
		assertThat(PRODUCTS.seen()).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE", "PATCH" })
	void neverRetriesWrites(String method) {
		ORDERS.answers(status(503));
		HttpResponse<String> answer = send(
				request("/api/v1/orders/1", CUSTOMER).method(method, HttpRequest.BodyPublishers.ofString("{}")));
		assertThat(answer.statusCode()).isEqualTo(503);
		assertThat(ORDERS.seen()).hasSize(1);
	}

	@Test
	void neverRetriesWritesAfterABrokenConnection() {
		ORDERS.answers((exchange) -> {
		});
		HttpResponse<String> answer = send(
				request("/api/v1/orders", CUSTOMER).POST(HttpRequest.BodyPublishers.ofString("{}")));
		assertThat(answer.statusCode()).isEqualTo(503);
		assertThat(ORDERS.seen()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 504, 404 })
	void doesNotRetryReadsAfterOtherErrors(int status) {
		PRODUCTS.answers(status(status));
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(status);
		assertThat(PRODUCTS.seen()).hasSize(1);
	}

	@Test
	void doesNotRetryResponsesWithRetryAfter() {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Retry-After", "7");
			Upstream.answer(exchange, 503, "later");
		});
		HttpResponse<String> answer = send(request("/api/v1/products"));
		assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
		assertThat(PRODUCTS.seen()).hasSize(1);
	}

	@Test
	void stopsWhenTheBudgetIsExhausted() {
		ORDERS.answers(status(502));
		assertThat(IntStream.range(0, 40).map((i) -> send(request("/openapi/orders.json")).statusCode()))
			.containsOnly(502);
		assertThat(ORDERS.seen().size()).isBetween(40 + 10, 40 + 10 + 40 / 5);
	}

}
