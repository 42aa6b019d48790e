package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.bench.ResponseReader.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResponseReaderTests {

	private final ResponseReader reader = new ResponseReader();

	@Test
	void readsABodyOfKnownLengthAndThenTheNextAnswer() {
		Response first = all("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-A: b:c\r\n\r\nhello");
		Response second = all("HTTP/1.1 204 No Content\r\n\r\n");
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.text()).isEqualTo("hello");
		assertThat(first.last()).isFalse();
		assertThat(second.status()).isEqualTo(204);
		assertThat(second.text()).isEmpty();
	}

	@Test
	void readsChunksHoweverTheyArrive() {
		String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";
		Response response = null;
		for (int i = 0; i < answer.length(); i++) {
			assertThat(response).as("complete after %d bytes", i).isNull();
			response = read(answer.substring(i, i + 1));
		}
		assertThat(response).isNotNull();
		assertThat(response.text()).isEqualTo("abc0123456789");
	}

	@Test
	void readsABodyLargerThanItsBuffer() {
		String body = "x".repeat(100_000);
		assertThat(all("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + body).text()).isEqualTo(body);
	}

	@Test
	void passesOverInterimAnswers() {
		Response response = all("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.text()).isEqualTo("ok");
	}

	@Test
	void seesThatTheServerCloses() {
		assertThat(all("HTTP/1.1 503 Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").last()).isTrue();
	}

	private Response all(String text) {
		Response response = read(text);
		assertThat(response).isNotNull();
		return response;
	}

	private @Nullable Response read(String text) {
		return this.reader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}
