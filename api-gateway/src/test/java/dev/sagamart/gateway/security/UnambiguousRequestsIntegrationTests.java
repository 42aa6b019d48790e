package dev.sagamart.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.gateway.GatewayTest;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnambiguousRequestsIntegrationTests extends GatewayTest {

	private static final String SECOND = "GET /api/v1/products HTTP/1.1\r\nHost: a\r\n\r\n";

	@ParameterizedTest
	@ValueSource(strings = { "", "Host: a\r\nHost: b\r\n", "Host: a/b\r\n", "Host: a@b\r\n", "Host: a b\r\n",
			"Host:\r\n", "Host: a:123456\r\n", "Host: a\r\nTransfer-Encoding: xchunked\r\n",
			"Host: a\r\nTransfer-Encoding: identity\r\n", "Host: a\r\nTransfer-Encoding: identity, chunked\r\n",
			"Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" })
	void refusesWhatCanBeReadInTwoWays(String headers) throws IOException {
		String answers = sendRaw("POST /api/v1/sessions HTTP/1.1\r\n" + headers + "\r\n0\r\n\r\n" + SECOND);
		assertThat(answers).startsWith("HTTP/1.1 400").contains("BAD_REQUEST").doesNotContain("HTTP/1.1 200");
		assertThat(USERS.seen()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a:8080", "shop.example", "127.0.0.1:8080", "[::1]:8080" })
	void knowsAHost(String host) throws IOException {
		assertThat(sendRaw("GET /api/v1/products HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
			.startsWith("HTTP/1.1 200");
	}

}
