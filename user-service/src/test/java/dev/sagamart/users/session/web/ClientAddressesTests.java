package dev.sagamart.users.session.web;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

class ClientAddressesTests {

	private final ClientAddresses addresses = new ClientAddresses("the edge's");

	@Test
	void believesWhoKnowsTheSecret() {
		assertThat(this.addresses.of(request("the edge's", "203.0.113.7"))).isEqualTo("203.0.113.7");
		assertThat(this.addresses.of(request("the edge's", "2001:db8::1"))).isEqualTo("2001:db8::1");
		assertThat(this.addresses.of(request("the edge's", null))).isEqualTo("10.1.2.3");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "the edge", "the edge's " })
	void believesNobodyElse(String secret) {
		assertThat(this.addresses.of(request(secret, "203.0.113.7"))).isEqualTo("10.1.2.3");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " " })
	void believesNobodyWithoutASecret(String secret) {
		assertThat(new ClientAddresses("").of(request(secret, "203.0.113.7"))).isEqualTo("10.1.2.3");
		assertThat(new ClientAddresses(" ").of(request(secret, "203.0.113.7"))).isEqualTo("10.1.2.3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "unknown", "203.0.113.7, 203.0.113.8", "203.0.113.7; DROP TABLE" })
	void believesNothingThatIsNoAddress(String forwarded) {
		assertThat(this.addresses.of(request("the edge's", forwarded))).isEqualTo("10.1.2.3");
	}

	@Test
	void showsNoSecretInText() {
		assertThat(this.addresses.toString()).doesNotContain("edge's");
	}

	private static MockHttpServletRequest request(String secret, String forwarded) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr("10.1.2.3");
		if (secret != null) {
			request.addHeader("X-Edge-Secret", secret);
		}
		if (forwarded != null) {
			request.addHeader("X-Forwarded-For", forwarded);
		}
		return request;
	}

}
