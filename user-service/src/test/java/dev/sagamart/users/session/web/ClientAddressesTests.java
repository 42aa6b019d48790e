package dev.sagamart.users.session.web;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

class ClientAddressesTests {

	private final ClientAddresses addresses = new ClientAddresses("the edge's");

	@Test
	void believesWhoKnowsTheSecret() {
		assertThat(this.addresses.of(request("the edge's", "203.0.113.7"))).isEqualTo("203.0.113.7");
		assertThat(this.addresses.of(request("the edge's", null))).isEqualTo("10.1.2.3");
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.7, 192.0.2.7", "::ffff:192.0.2.7, 192.0.2.7", "::ffff:c000:207, 192.0.2.7",
			"2001:db8:1:2::7, 2001:db8:1:2::/64", "2001:DB8:1:2:ffff:ffff:ffff:ffff, 2001:db8:1:2::/64",
			"2001:db8:1:3::7, 2001:db8:1:3::/64", "::1, 0:0:0:0::/64" })
	void countsAsItselfOrAsTheNetworkThatItsOwnerHas(String address, String expected) {
		assertThat(this.addresses.of(request("the edge's", address))).isEqualTo(expected);
		MockHttpServletRequest straight = new MockHttpServletRequest();
		straight.setRemoteAddr(address);
		assertThat(this.addresses.of(straight)).isEqualTo(expected);
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
	@ValueSource(
			strings = { "", "unknown", "203.0.113.7, 203.0.113.8", "203.0.113.7; DROP TABLE", ":::::", "localhost" })
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
