package dev.sagamart.platform.web;

import dev.sagamart.platform.sample.SampleTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What no ordinary client sends. */
@SampleTest
class RawHttpIntegrationTests {

	private static final int MEBIBYTE = 1024 * 1024;

	@LocalServerPort
	int port;

	@LocalManagementPort
	int managementPort;

	@ParameterizedTest
	@CsvSource({ "stream", "single", "reader" })
	void aBodyOfOneMebibyteIsRead(String how) throws IOException {
		assertThat(send(post("/open/read?how=" + how, "Content-Length: " + MEBIBYTE) + "x".repeat(MEBIBYTE)))
			.startsWith("HTTP/1.1 200")
			.endsWith("1048576");
		assertThat(send(post("/open/read?how=" + how, "Transfer-Encoding: chunked") + chunks(MEBIBYTE)))
			.startsWith("HTTP/1.1 200")
			.contains("1048576");
	}

	@Test
	void anAnnouncedBodyOverTheLimitIsNotEvenRead() throws IOException {
		problem(send(post("/open/read", "Content-Length: " + (MEBIBYTE + 1)), true), 413, "CONTENT_TOO_LARGE");
		problem(send(post("/open/read", "Content-Length: 99999999999"), true), 413, "CONTENT_TOO_LARGE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream", "single", "reader" })
	void aChunkedBodyOverTheLimitIsRefused(String how) throws IOException {
		problem(send(post("/open/read?how=" + how, "Transfer-Encoding: chunked") + chunks(MEBIBYTE + 1)), 413,
				"CONTENT_TOO_LARGE");
	}

	@Test
	void chunkedJsonOverTheLimitIsRefused() throws IOException {
		String json = "{\"name\":\"" + "x".repeat(MEBIBYTE) + "\"}";
		problem(send(post("/open/things", "Content-Type: application/json\r\nTransfer-Encoding: chunked")
				+ Integer.toHexString(json.length()) + "\r\n" + json + "\r\n0\r\n\r\n"), 413, "CONTENT_TOO_LARGE");
	}

	@Test
	void aChunkedBodyThatNobodyReadsHasTheSameLimit() throws IOException {
		String unread = "DELETE /open/unread HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
		problem(send(unread + chunks(MEBIBYTE + 1)), 413, "CONTENT_TOO_LARGE");
		assertThat(send(unread + chunks(MEBIBYTE))).startsWith("HTTP/1.1 204");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json;charset=nonsense", "application/json;charset=utf-8,utf-16",
			"application/json, text/plain", "application", "/", "*/*", "application/*", "" })
	void mediaTypesThatAreNoneAreRefused(String type) throws IOException {
		problem(send(post("/open/things", "Content-Length: 12\r\nContent-Type: " + type) + "{\"name\":\"a\"}"), 415,
				"UNSUPPORTED_MEDIA_TYPE");
	}

	@Test
	void http09IsRefused() throws IOException {
		assertThat(send("GET /open/things\r\n\r\n")).contains("BAD_REQUEST").doesNotContain("items");
	}

	@Test
	void http10NeedsNoHost() throws IOException {
		for (int at : List.of(this.port, this.managementPort)) {
			String path = (at == this.port) ? "/open/things" : "/actuator/health/liveness";
			assertThat(send(at, "GET " + path + " HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200")
				.containsIgnoringCase("Connection: close")
				.doesNotContainIgnoringCase("Transfer-Encoding");
			assertThat(send(at, "HEAD " + path + " HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
			assertThat(send(at, "GET /nothing/here HTTP/1.0\r\n\r\n")).matches("(?s)HTTP/1.1 40[14] .*");
			assertThat(send(at, "GET " + path + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
			assertThat(send(at, "GET " + path + " HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")).startsWith("HTTP/1.1 400");
		}
	}

	@Test
	void headersThatAreTooLargeAreRefused() throws IOException {
		problem(send("GET /open/db HTTP/1.1\r\nHost: a\r\nX-Large: " + "x".repeat(17 * 1024) + "\r\n\r\n"), 431,
				"HEADERS_TOO_LARGE");
		problem(send("GET /open/db HTTP/1.1\r\nHost: a\r\n" + "X-Many: x\r\n".repeat(120) + "\r\n"), 431,
				"HEADERS_TOO_LARGE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /open/\\1 HTTP/1.1", "GET /open/<> HTTP/1.1", "NONSENSE",
			"GET /open/%2e%2e%2fme HTTP/1.1", "GET /open/%2Fme HTTP/1.1", "GET /open/..%5cme HTTP/1.1",
			"GET /open/%00 HTTP/1.1", "GET /open/%zz HTTP/1.1", "GET /open/things;a=b HTTP/1.1",
			"GET /open//things HTTP/1.1", "GET /open/%25%32%66 HTTP/1.1" })
	void aMalformedRequestIsABadRequest(String line) throws IOException {
		problem(send(line.translateEscapes() + "\r\nHost: a\r\nConnection: close\r\n\r\n"), 400, "BAD_REQUEST");
	}

	@Test
	void aMalformedQueryIsABadRequest() throws IOException {
		problem(send("GET /open/search?q=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 400, "BAD_REQUEST");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRACE", "PROPFIND", "FOO", "get" })
	void strangeMethodsAreRefused(String method) throws IOException {
		problem(send(method + " /open/db HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 405, "METHOD_NOT_ALLOWED");
	}

	@Test
	void aTunnelIsRefused() throws IOException {
		problem(send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\n\r\n"), 405, "METHOD_NOT_ALLOWED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1", "Content-Length: 5x",
			"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding: xchunked" })
	void ambiguousLengthsAreRefused(String headers) throws IOException {
		assertThat(send(post("/open/read", headers) + "hello")).startsWith("HTTP/1.1 400")
			.contains("application/problem+json");
	}

	@Test
	void anIncompleteChunkIsABadRequest() throws IOException {
		String answer = send(post("/open/things", "Content-Type: application/json\r\nTransfer-Encoding: chunked")
				+ "zz\r\nhello\r\n0\r\n\r\n");
		problem(answer, 400, "BAD_REQUEST");
	}

	@Test
	void aFailureAfterTheFirstByteEndsTheConnectionWithoutAWord() throws IOException {
		assertThat(send("GET /open/committed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).contains("begun")
			.doesNotContain("too late", "Exception", "problem+json");
	}

	@Test
	void aBodyThatNeverComesIsWaitedForOnlySoLong() throws Exception {
		String request = post("/open/things", "Content-Type: application/json\r\nContent-Length: 100");
		List<Callable<String>> bodies = List.of(() -> send(request + "{"), () -> send(request));
		try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
			for (Future<String> answer : clients.invokeAll(bodies)) {
				problem(answer.get(), 408, "REQUEST_TIMEOUT");
			}
		}
	}

	@Test
	void aClientThatLeavesIsNoFailure() throws IOException {
		try (Socket socket = connect()) {
			socket.getOutputStream()
				.write(post("/open/things", "Content-Type: application/json\r\nContent-Length: 100")
					.getBytes(StandardCharsets.UTF_8));
			socket.getOutputStream().write("{".getBytes(StandardCharsets.UTF_8));
		}
		assertThat(send("GET /open/db HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200");
	}

	private static String post(String uri, String headers) {
		return "POST " + uri + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n\r\n";
	}

	private static String chunks(int size) {
		StringBuilder body = new StringBuilder();
		for (int left = size; left > 0; left -= 8192) {
			int length = Math.min(left, 8192);
			body.append(Integer.toHexString(length)).append("\r\n").append("x".repeat(length)).append("\r\n");
		}
		return body.append("0\r\n\r\n").toString();
	}

	private static void problem(String answer, int status, String code) {
		assertThat(answer).startsWith("HTTP/1.1 " + status)
			.containsIgnoringCase("Content-Type: application/problem+json");
		assertThat(answer).containsIgnoringCase("X-Correlation-Id: ");
		JsonNode problem = JsonMapper.shared()
			.readTree(answer.substring(answer.indexOf("\r\n\r\n{") + 4, answer.lastIndexOf('}') + 1));
		assertThat(problem.get("code").asString()).isEqualTo(code);
		assertThat(problem.get("status").asInt()).isEqualTo(status);
		assertThat(answer).contains("X-Correlation-Id: " + problem.get("correlationId").asString());
	}

	private Socket connect() throws IOException {
		return connect(this.port);
	}

	private static Socket connect(int port) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(15_000);
		return socket;
	}

	private String send(String request) throws IOException {
		return send(request, false);
	}

	private static String send(int port, String request) throws IOException {
		return send(port, request, false);
	}

	private String send(String request, boolean end) throws IOException {
		return send(this.port, request, end);
	}

	private static String send(int port, String request, boolean end) throws IOException {
		try (Socket socket = connect(port)) {
			Thread writer = Thread.ofVirtual().start(() -> write(socket, request, end));
			ByteArrayOutputStream answer = new ByteArrayOutputStream();
			try {
				InputStream in = socket.getInputStream();
				for (int read = in.read(); read >= 0; read = in.read()) {
					answer.write(read);
				}
			}
			catch (SocketException ex) {
				// the server may close before it has read all
			}
			writer.interrupt();
			return answer.toString(StandardCharsets.UTF_8);
		}
	}

	private static void write(Socket socket, String request, boolean end) {
		try {
			OutputStream out = socket.getOutputStream();
			out.write(request.getBytes(StandardCharsets.UTF_8));
			out.flush();
			if (end) {
				socket.shutdownOutput();
			}
		}
		catch (IOException ex) {
			// the answer tells
		}
	}

}
