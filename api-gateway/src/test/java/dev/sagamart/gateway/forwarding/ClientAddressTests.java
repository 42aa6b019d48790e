package dev.sagamart.gateway.forwarding;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ClientAddressTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "10.1.2.3 | 192.0.2.7, 198.51.100.1 | 192.0.2.7",
					"10.1.2.3 | 203.0.113.66, 192.0.2.7, 198.51.100.1 | 192.0.2.7",
					"10.1.2.3 | 203.0.113.66, 192.0.2.7, 10.9.9.9 | 192.0.2.7",
					"10.1.2.3 | 198.51.100.1 | 198.51.100.1", "10.1.2.3 | unknown, 198.51.100.1 | 198.51.100.1",
					"10.1.2.3 | | 10.1.2.3", "203.0.113.9 | 192.0.2.7, 198.51.100.1 | 203.0.113.9" })
	void isTheOneThatTheOutermostOfTwoProxiesSaw(String peer, String forwardedFor, String expected) {
		assertThat(addressOf(List.of("10.0.0.0/8"), 2, peer, forwardedFor)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "203.0.113.9 | | 203.0.113.9", "203.0.113.9 | 198.51.100.1 | 203.0.113.9",
					"10.1.2.3 | | 10.1.2.3", "10.1.2.3 | 198.51.100.1 | 198.51.100.1",
					"10.1.2.3 | 192.0.2.7, 198.51.100.1 | 198.51.100.1",
					"10.1.2.3 | 192.0.2.7, 198.51.100.1, 10.9.9.9 | 10.9.9.9",
					"10.1.2.3 | 10.7.7.7, 10.8.8.8 | 10.8.8.8", "10.1.2.3 | 192.0.2.7, unknown | 10.1.2.3",
					"10.1.2.3 | 192.0.2.7, localhost, 10.9.9.9 | 10.9.9.9", "10.1.2.3 | , | 10.1.2.3",
					"10.1.2.3 | 2001:db8::7 | 2001:db8:0:0:0:0:0:7", "10.1.2.3 | ::ffff:192.0.2.7 | 192.0.2.7",
					"192.168.5.5 | 192.0.2.7 | 192.0.2.7", "192.168.5.6 | 192.0.2.7 | 192.168.5.6",
					"fd00:0:0:1::5 | 192.0.2.7 | 192.0.2.7", "fd01::5 | 192.0.2.7 | fd01:0:0:0:0:0:0:5" })
	void isTheOneThatTheProxySaw(String peer, String forwardedFor, String expected) {
		assertThat(addressOf(List.of("10.0.0.0/8", "192.168.5.5", "fd00::/16"), 1, peer, forwardedFor))
			.isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.7, 192.0.2.7", "::ffff:192.0.2.7, 192.0.2.7", "::ffff:c000:207, 192.0.2.7",
			"2001:db8:1:2::7, 2001:db8:1:2::/64", "2001:DB8:1:2:ffff:ffff:ffff:ffff, 2001:db8:1:2::/64",
			"2001:db8:1:3::7, 2001:db8:1:3::/64", "2001:db8:fffe:8000::7, 2001:db8:fffe:8000::/64",
			"::1, 0:0:0:0::/64" })
	void isGroupedByNetworkForIpv6(String address, String expected) {
		ClientAddress clientAddress = new ClientAddress(new ForwardingProperties(List.of("10.0.0.0/8"), 1, ""));
		for (MockServerHttpRequest.BaseBuilder<?> request : List.of(from(address),
				from("10.1.2.3").header("X-Forwarded-For", address))) {
			assertThat(clientAddress.networkOf(MockServerWebExchange.from(request))).isEqualTo(expected);
		}
	}

	@Test
	void isThePeerIfNoProxyIsTrusted() {
		assertThat(addressOf(List.of(), 1, "10.1.2.3", "192.0.2.7")).isEqualTo("10.1.2.3");
	}

	@Test
	void isUnknownWithoutAPeer() {
		ClientAddress clientAddress = new ClientAddress(new ForwardingProperties(List.of(), 1, ""));
		assertThat(clientAddress.of(MockServerWebExchange.from(MockServerHttpRequest.get("/")))).isEqualTo("unknown");
	}

	@Test
	void refusesHostNamesAsTrustedProxies() {
		ForwardingProperties properties = new ForwardingProperties(List.of("proxy.example/8"), 1, "");
		assertThatIllegalArgumentException().isThrownBy(() -> new ClientAddress(properties));
	}

	private static String addressOf(List<String> trusted, int hops, String peer, String forwardedFor) {
		MockServerHttpRequest.BaseBuilder<?> request = from(peer);
		if (forwardedFor != null) {
			request.header("X-Forwarded-For", forwardedFor);
		}
		return new ClientAddress(new ForwardingProperties(trusted, hops, "")).of(MockServerWebExchange.from(request));
	}

	private static MockServerHttpRequest.BaseBuilder<?> from(String peer) {
		return MockServerHttpRequest.get("/").remoteAddress(new InetSocketAddress(peer, 4711));
	}

}
