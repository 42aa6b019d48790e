package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import dev.sagamart.platform.test.AwaitTimeout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients that are too slow, and requests with an ambiguous end. */
@TestPropertySource(properties = { "spring.cloud.gateway.server.webflux.httpclient.connect-timeout=500",
		"spring.cloud.gateway.server.webflux.httpclient.response-timeout=1900ms",
		"sagamart.gateway.routing.route-timeout=1950ms", "sagamart.gateway.routing.client-timeout=2s" })
class SlowClientTimeoutsIntegrationTests extends GatewayTest {

	/** The gateway itself responds, so no slow service can affect the test. */
	private static final String QUICK = "GET /openapi/gateway.json HTTP/1.1\r\nHost: x\r\n\r\n";

	private Socket connect() throws IOException {
		Socket socket = new Socket("127.0.0.1", this.port);
		socket.setSoTimeout(Math.toIntExact(AwaitTimeout.LIMIT.toMillis()));
		return socket;
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static String readAll(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	/**
	 * Sends single bytes until the other side closes the connection, and returns its
	 * response.
	 */
	private static String trickle(Socket socket) throws IOException {
		socket.setSoTimeout(1);
		StringBuilder answer = new StringBuilder();
		await().pollInterval(Duration.ofMillis(200)).until(() -> {
			try {
				int next = socket.getInputStream().read();
				while (next >= 0) {
					answer.append((char) next);
					next = socket.getInputStream().read();
				}
				return true;
			}
			catch (SocketTimeoutException ex) {
				return isClosed(socket);
			}
			catch (SocketException ex) {
				return true;
			}
		});
		return answer.toString();
	}

	@Test
	void closesAConnectionWithoutARequest() throws IOException {
		try (Socket socket = connect()) {
			assertThat(readAll(socket)).isEmpty();
		}
	}

	@Test
	void closesTheConnectionOfAnIncompleteHead() throws IOException {
		try (Socket socket = connect()) {
			write(socket, "GET /api/v1/products HTTP/1.1\r\nHost: x\r\nX-Slow: ");
			trickle(socket);
		}
		assertThat(PRODUCTS.seen()).isEmpty();
	}

	@Test
	void closesTheConnectionOfAnIncompleteSecondHead() throws IOException {
		try (Socket socket = connect()) {
			write(socket, QUICK);
			byte[] begin = socket.getInputStream().readNBytes(12);
			assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
			write(socket, "GET /api/v1/products HTTP/1.1\r\nX-Slow: ");
			assertThat(readAll(socket)).contains("HTTP/1.1 408 ").contains("\"code\":\"REQUEST_TIMEOUT\"");
		}
	}

	@Test
	void respondsToAnIncompleteBodyAndClosesTheConnection() throws IOException {
		try (Socket socket = connect()) {
			write(socket, "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
			assertThat(trickle(socket)).startsWith("HTTP/1.1 408 ").contains("\"code\":\"REQUEST_TIMEOUT\"");
		}
		assertThat(USERS.seen()).isEmpty();
	}

	@Test
	void closesTheConnectionOfABodyThatContinuesAfterItsResponse() throws IOException {
		try (Socket socket = connect()) {
			write(socket, "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
			assertThat(trickle(socket)).startsWith("HTTP/1.1 401 ");
		}
	}

	@Test
	void leavesAnIdleConnectionOpenBetweenRequests() throws IOException {
		try (Socket socket = connect()) {
			for (int i = 0; i < 2; i++) {
				write(socket, QUICK);
				assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
					.isEqualTo("HTTP/1.1 200");
				await().pollDelay(Duration.ofMillis(2500)).until(() -> true);
				socket.getInputStream().skipNBytes(socket.getInputStream().available());
			}
		}
	}

	@Test
	void closesTheConnectionOfAClientThatDoesNotReadTheResponse() throws IOException {
		PRODUCTS.answers((exchange) -> Upstream.answer(exchange, 200, "x".repeat(30_000_000)));
		try (Socket socket = new Socket()) {
			socket.setReceiveBufferSize(4096);
			socket.connect(new InetSocketAddress("127.0.0.1", this.port));
			write(socket, "GET /api/v1/products HTTP/1.1\r\nHost: x\r\n\r\n");
			assertIsClosed(socket);
		}
	}

	@Test
	void closesTheConnectionOfAClientThatDoesNotReadEvents() throws IOException {
		AtomicBoolean left = new AtomicBoolean();
		ORDERS.answers((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
			exchange.sendResponseHeaders(200, 0);
			try (OutputStream events = exchange.getResponseBody()) {
				while (true) {
					events.write(("data: " + "x".repeat(10_000) + "\n\n").getBytes(StandardCharsets.US_ASCII));
					events.flush();
				}
			}
			catch (IOException ex) {
				left.set(true);
			}
		});
		try (Socket socket = new Socket()) {
			socket.setReceiveBufferSize(4096);
			socket.connect(new InetSocketAddress("127.0.0.1", this.port));
			write(socket, "GET /api/v1/orders/1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + CUSTOMER
					+ "\r\n\r\n");
			await("the service hears of it").untilTrue(left);
		}
	}

	private static void assertIsClosed(Socket socket) {
		await().pollInterval(Duration.ofMillis(200)).until(() -> isClosed(socket));
	}

	/** Writing fails some time after the other side has reset the connection. */
	private static boolean isClosed(Socket socket) throws IOException {
		try {
			write(socket, "x");
			return false;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	@Test
	void doesNotCountSlowClientsAsFailuresOfTheService() throws IOException {
		for (int i = 0; i < 30; i++) {
			try (Socket socket = connect()) {
				write(socket, "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
				socket.setSoLinger(true, 0);
			}
		}
		assertThat(send(request("/api/v1/sessions").POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode())
			.isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
			"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
			"Content-Length: 5, 6\r\n", "Content-Length: +5\r\n", "Content-Length: -5\r\n", "Content-Length: 0x5\r\n",
			"Content-Length: 5 5\r\n", "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
			"Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
			"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding : chunked\r\n",
			"Transfer-Encoding:\u000bchunked\r\n", "X: y\r\n Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
			"Transfer-Encoding: chunked\nX: y\r\n", "Content-Length: 5\nX: y\r\n", "X: a\rb\r\n" })
	void refusesARequestWithAnAmbiguousEnd(String headers) throws IOException {
		String answer = sendRaw("POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\n" + headers
				+ "\r\n0\r\n\r\nGET /api/v1/products HTTP/1.1\r\nHost: x\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 400 ")
			.contains("\"code\":\"BAD_REQUEST\"")
			.containsOnlyOnce("HTTP/1.1 ");
		assertThat(USERS.seen()).isEmpty();
		assertThat(PRODUCTS.seen()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /api/v1/products HTTP/1.1\nHost: x\n\n",
			"GET /api/v1/products HTTP/1.1\r\nHost: x\n\r\n",
			"POST /api/v1/sessions HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;\nabcde\r\n0\r\n\r\n",
			"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n0\r\n\r\n" })
	void refusesInvalidLineEndings(String bytes) throws IOException {
		assertThat(sendRaw(bytes)).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
		assertThat(USERS.seen()).isEmpty();
		assertThat(PRODUCTS.seen()).isEmpty();
	}

	@Test
	void respondsToATooLargeBodyWhileTheClientIsStillSending() throws IOException {
		String head = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n";
		try (Socket socket = connect()) {
			write(socket, head);
			write(socket, "x".repeat(4_000_000));
			InputStream answer = socket.getInputStream();
			assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 413 ");
		}
	}

}
