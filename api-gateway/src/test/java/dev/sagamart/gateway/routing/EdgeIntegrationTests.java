package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EdgeIntegrationTests extends GatewayTest {

	private static final int MEBIBYTE = 1024 * 1024;

	@Test
	void usesTheClientsCorrelationId() {
		HttpResponse<String> response = send(request("/api/v1/products").header("X-Correlation-Id", "my-id_1.2"));
		assertThat(response.headers().allValues("X-Correlation-Id")).containsExactly("my-id_1.2");
		assertThat(PRODUCTS.last().header("x-correlation-id")).containsExactly("my-id_1.2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "with space", "semi;colon", "", "<script>",
			"12345678901234567890123456789012345678901234567890123456789012345" })
	void replacesAnInvalidCorrelationId(String bad) {
		HttpResponse<String> response = send(request("/api/v1/products").header("X-Correlation-Id", bad));
		String made = response.headers().firstValue("X-Correlation-Id").orElseThrow();
		assertThat(made).matches("[A-Za-z0-9._-]{1,64}").isNotEqualTo(bad);
		assertThat(PRODUCTS.last().header("x-correlation-id")).containsExactly(made);
	}

	@Test
	void replacesMissingAndRepeatedCorrelationIds() {
		assertThat(send(request("/api/v1/products")).headers().firstValue("X-Correlation-Id")).isPresent();
		HttpResponse<String> response = send(
				request("/api/v1/products").header("X-Correlation-Id", "one").header("X-Correlation-Id", "two"));
		assertThat(response.headers().allValues("X-Correlation-Id")).singleElement().isNotIn("one", "two", "one,two");
	}

	@Test
	void returnsOneCorrelationIdWhateverTheServiceSends() {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("X-Correlation-Id", "of-the-service");
			Upstream.answer(exchange, 200, "x");
		});
		HttpResponse<String> response = send(request("/api/v1/products").header("X-Correlation-Id", "mine"));
		assertThat(response.headers().allValues("X-Correlation-Id")).containsExactly("mine");
	}

	@Test
	void addsTheCorrelationIdToErrors() {
		HttpResponse<String> response = send(request("/nothing").header("X-Correlation-Id", "mine"));
		assertThat(response.headers().allValues("X-Correlation-Id")).containsExactly("mine");
		assertThat(json(response).get("correlationId").stringValue()).isEqualTo("mine");
	}

	@Test
	void propagatesTheTrace() {
		send(request("/api/v1/products").header("traceparent",
				"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
		assertThat(PRODUCTS.last().header("traceparent")).singleElement()
			.asString()
			.matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0[0-3]")
			.doesNotContain("b7ad6b7169203331");
		send(request("/api/v1/products"));
		assertThat(PRODUCTS.last().header("traceparent")).hasSize(1);
	}

	@Test
	void acceptsABodyOfTheMaximumSize() {
		HttpResponse<String> response = send(
				request("/api/v1/orders", CUSTOMER).POST(HttpRequest.BodyPublishers.ofByteArray(new byte[MEBIBYTE])));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(ORDERS.last().bodyLength()).isEqualTo(MEBIBYTE);
	}

	@Test
	void acceptsAChunkedBodyOfTheMaximumSize() {
		HttpResponse<String> response = send(request("/api/v1/orders", CUSTOMER)
			.POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[MEBIBYTE]))));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(ORDERS.last().bodyLength()).isEqualTo(MEBIBYTE);
	}

	@Test
	void refusesATooLargeContentLength() throws IOException {
		String answer = sendRaw(
				"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: " + (MEBIBYTE + 1) + "\r\n\r\nabc");
		assertThat(answer).startsWith("HTTP/1.1 413 ").contains("CONTENT_TOO_LARGE").contains("X-Correlation-Id");
		assertThat(USERS.seen()).isEmpty();
	}

	@Test
	void refusesAChunkedBodyAsSoonAsItIsTooLarge() throws IOException {
		String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
		String answer = sendRaw(
				"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17));
		assertThat(answer).startsWith("HTTP/1.1 413 ").contains("CONTENT_TOO_LARGE").contains("X-Correlation-Id");
		assertThat(USERS.seen()).isEmpty();
	}

	@Test
	void refusesTooLargeHeaders() throws IOException {
		String answer = sendRaw(
				"GET /api/v1/products HTTP/1.1\r\nHost: x\r\nX-Big: " + "x".repeat(20_000) + "\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 431 ")
			.contains("application/problem+json")
			.contains("\"code\":\"HEADERS_TOO_LARGE\"")
			.containsIgnoringCase("X-Correlation-Id");
	}

	@Test
	void refusesATooLongRequestLine() throws IOException {
		String answer = sendRaw("GET /api/v1/products?q=" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 414 ").contains("\"code\":\"URI_TOO_LONG\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
			"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
			"nonsense\r\n\r\n" })
	void refusesBytesThatAreNotARequest(String bytes) throws IOException {
		assertThat(sendRaw(bytes)).startsWith("HTTP/1.1 400 ").contains("\"code\":\"BAD_REQUEST\"");
		assertThat(USERS.seen()).isEmpty();
	}

	@Test
	void responds503WhileTheServiceIsDown() {
		HttpResponse<String> response = send(request("/api/v1/payments", CUSTOMER));
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(response).get("code").stringValue()).isEqualTo("SERVICE_UNAVAILABLE");
		assertThat(response.body()).doesNotContain("127.0.0.1", "Exception", "refused");
	}

	@Test
	void responds503WhenTheServiceClosesTheConnection() {
		PRODUCTS.answers((exchange) -> {
			throw new IOException("Hangs up");
		});
		assertThat(send(request("/api/v1/products")).statusCode()).isEqualTo(503);
	}

	@Test
	void keepsReadingAfterAnEarlyResponse() throws IOException {
		String slow = "GET /actuator/info HTTP/1.1\r\nHost: x\r\n\r\n";
		String quick = "GET /actuator/nothing HTTP/1.1\r\nHost: x\r\n\r\n";
		String last = "GET /actuator/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
		try (Socket socket = new Socket("127.0.0.1", this.managementPort)) {
			socket.setSoTimeout(20_000);
			InputStream answers = socket.getInputStream();
			socket.getOutputStream().write((slow + quick).getBytes(StandardCharsets.US_ASCII));
			StringBuilder seen = new StringBuilder();
			while (!seen.toString().contains("HTTP/1.1 404 Not Found")) {
				int next = answers.read();
				assertThat(next).isNotNegative();
				seen.append((char) next);
			}
			socket.getOutputStream().write(last.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(answers.readAllBytes(), StandardCharsets.UTF_8)).contains("HTTP/1.1 200 OK");
		}
	}

	@Test
	void forwardsErrorsOfServices() {
		PRODUCTS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
			Upstream.answer(exchange, 409, "{\"code\":\"SKU_TAKEN\"}");
		});
		HttpResponse<String> response = send(request("/api/v1/products"));
		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(response.body()).isEqualTo("{\"code\":\"SKU_TAKEN\"}");
	}

}
