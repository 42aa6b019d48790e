package dev.sagamart.platform.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClientNetworkTests {

	@ParameterizedTest
	@CsvSource({ "192.0.2.7, 192.0.2.7", "::ffff:192.0.2.7, 192.0.2.7", "::ffff:c000:207, 192.0.2.7",
			"2001:db8:1:2::7, 2001:db8:1:2::/64", "2001:DB8:1:2:ffff:ffff:ffff:ffff, 2001:db8:1:2::/64",
			"2001:db8:1:3::7, 2001:db8:1:3::/64", "::1, 0:0:0:0::/64" })
	void isTheAddressItselfOrTheNetworkThatItsOwnerHas(String address, String expected) {
		assertThat(ClientNetwork.parse(address)).isNotNull()
			.satisfies((parsed) -> assertThat(ClientNetwork.of(parsed)).isEqualTo(expected));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "unknown", "203.0.113.7, 203.0.113.8", "203.0.113.7; x", ":::::", "localhost" })
	void readsNothingElseAsAnAddress(String text) {
		assertThat(ClientNetwork.parse(text)).isNull();
	}

}
