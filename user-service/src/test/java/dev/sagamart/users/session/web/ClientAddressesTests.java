package dev.sagamart.users.session.web;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

class ClientAddressesTests {

	private final ClientAddresses addresses = new ClientAddresses(List.of("10.0.0.0/8", "::1/128"));

	@Test
	void believesTheGateway() {
		assertThat(this.addresses.of(request("10.1.2.3", "203.0.113.7"))).isEqualTo("203.0.113.7");
		assertThat(this.addresses.of(request("0:0:0:0:0:0:0:1", "2001:db8::1"))).isEqualTo("2001:db8::1");
		assertThat(this.addresses.of(request("10.1.2.3", null))).isEqualTo("10.1.2.3");
	}

	@Test
	void believesNobodyElse() {
		assertThat(this.addresses.of(request("198.51.100.9", "203.0.113.7"))).isEqualTo("198.51.100.9");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "unknown", "203.0.113.7, 203.0.113.8", "203.0.113.7; DROP TABLE" })
	void believesNothingThatIsNoAddress(String forwarded) {
		assertThat(this.addresses.of(request("10.1.2.3", forwarded))).isEqualTo("10.1.2.3");
	}

	private static MockHttpServletRequest request(String peer, String forwarded) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(peer);
		if (forwarded != null) {
			request.addHeader("X-Forwarded-For", forwarded);
		}
		return request;
	}

}
