package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sagamart.e2e.bench.HttpConnection.Response;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpConnectionTests {

	@Test
	void readsABodyOfKnownLengthAndThenTheNextResponse() throws IOException {
		InputStream in = bytes("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-A: b:c\r\n\r\nhello"
				+ "HTTP/1.1 204 No Content\r\n\r\n");
		Response first = HttpConnection.readResponse(in);
		Response second = HttpConnection.readResponse(in);
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.body()).isEqualTo("hello");
		assertThat(first.last()).isFalse();
		assertThat(second.status()).isEqualTo(204);
		assertThat(second.body()).isEmpty();
	}

	@Test
	void readsChunksToTheirEnd() throws IOException {
		String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";
		for (int i = 0; i < answer.length(); i++) {
			InputStream beginning = bytes(answer.substring(0, i));
			assertThatExceptionOfType(EOFException.class).as("complete after %d bytes", i)
				.isThrownBy(() -> HttpConnection.readResponse(beginning));
		}
		assertThat(all(answer).body()).isEqualTo("abc0123456789");
	}

	@Test
	void readsABodyLargerThanItsBuffer() throws IOException {
		String body = "x".repeat(100_000);
		assertThat(all("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + body).body()).isEqualTo(body);
	}

	@Test
	void skipsInterimResponses() throws IOException {
		Response response = all("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.body()).isEqualTo("ok");
	}

	@Test
	void recognisesThatTheServerCloses() throws IOException {
		assertThat(all("HTTP/1.1 503 Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").last()).isTrue();
	}

	private static Response all(String text) throws IOException {
		return HttpConnection.readResponse(bytes(text));
	}

	private static InputStream bytes(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
	}

}
