package dev.sagamart.gateway.forwarding;

import dev.sagamart.platform.request.ClientNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.security.util.matcher.InetAddressMatcher;
import org.springframework.security.util.matcher.InetAddressMatchers;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * The address of the client that sent a request. It is the peer of the connection, unless
 * the peer is a trusted proxy. Then it is the entry of {@code X-Forwarded-For} that the
 * outermost trusted proxy appended, counted from the right. All entries to the left of it
 * are ignored, because anybody may have written them.
 */
@Component
public class ClientAddress {

	private static final String ATTRIBUTE = ClientAddress.class.getName();

	private static final String FORWARDED_FOR = "X-Forwarded-For";

	private final List<InetAddressMatcher> trusted;

	private final int hops;

	ClientAddress(ForwardingProperties properties) {
		this.trusted = properties.trustedProxies().stream().map(InetAddressMatchers::fromIpAddress).toList();
		this.hops = properties.proxyHops();
	}

	/** The address as text without a port; {@code unknown} if the peer has none. */
	public String of(ServerWebExchange exchange) {
		return (String) exchange.getAttributes().computeIfAbsent(ATTRIBUTE, (attribute) -> find(exchange));
	}

	/** The unit in which limits are applied to addresses, see {@link ClientNetwork}. */
	public String networkOf(ServerWebExchange exchange) {
		String address = of(exchange);
		return (address.indexOf(':') < 0) ? address : ClientNetwork.of(InetAddress.ofLiteral(address));
	}

	private String find(ServerWebExchange exchange) {
		InetSocketAddress peer = exchange.getRequest().getRemoteAddress();
		if (peer == null || peer.getAddress() == null) {
			return "unknown";
		}
		InetAddress address = peer.getAddress();
		if (this.trusted.stream().anyMatch((proxy) -> proxy.matches(peer.getAddress()))) {
			List<String> entries = exchange.getRequest().getHeaders().getValuesAsList(FORWARDED_FOR).reversed();
			for (String entry : entries.subList(0, Math.min(this.hops, entries.size()))) {
				InetAddress before = ClientNetwork.parse(entry);
				if (before == null) {
					break;
				}
				address = before;
			}
		}
		return textOf(address);
	}

	/** Returns the address as text without the zone of a link-local address. */
	private static String textOf(InetAddress address) {
		try {
			return InetAddress.getByAddress(address.getAddress()).getHostAddress();
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
