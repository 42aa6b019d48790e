package dev.sagamart.gateway.forwarding;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

	private final List<IpSubnetFilterRule> trusted;

	private final int hops;

	ClientAddress(ForwardingProperties properties) {
		this.trusted = properties.trustedProxies().stream().map(ClientAddress::network).toList();
		this.hops = properties.proxyHops();
	}

	private static IpSubnetFilterRule network(String text) {
		String[] parts = text.strip().split("/", 2);
		InetAddress address = InetAddress.ofLiteral(parts[0]);
		int length = (parts.length == 2) ? Integer.parseInt(parts[1]) : address.getAddress().length * Byte.SIZE;
		return new IpSubnetFilterRule(address, length, IpFilterRuleType.ACCEPT);
	}

	/** The address as text without a port; {@code unknown} if the peer has none. */
	public String of(ServerWebExchange exchange) {
		return (String) exchange.getAttributes().computeIfAbsent(ATTRIBUTE, (attribute) -> find(exchange));
	}

	/**
	 * The unit in which limits are applied to addresses. For IPv4, also in the form of
	 * IPv6 ({@code ::ffff:192.0.2.7}), it is the address itself. For IPv6 it is the /64
	 * network ({@code 2001:db8:1:2::/64}), because the owner of one address can use all
	 * addresses of that network.
	 */
	public String networkOf(ServerWebExchange exchange) {
		String address = of(exchange);
		if (address.indexOf(':') < 0) {
			return address;
		}
		ShortBuffer groups = ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress()).asShortBuffer();
		return "%x:%x:%x:%x::/64".formatted(groups.get(), groups.get(), groups.get(), groups.get());
	}

	private String find(ServerWebExchange exchange) {
		InetSocketAddress peer = exchange.getRequest().getRemoteAddress();
		if (peer == null || peer.getAddress() == null) {
			return "unknown";
		}
		InetAddress address = peer.getAddress();
		if (isTrusted(address)) {
			List<String> entries = exchange.getRequest().getHeaders().getValuesAsList(FORWARDED_FOR).reversed();
			for (String entry : entries.subList(0, Math.min(this.hops, entries.size()))) {
				InetAddress before = parse(entry);
				if (before == null) {
					break;
				}
				address = before;
			}
		}
		return textOf(address);
	}

	private boolean isTrusted(InetAddress address) {
		return this.trusted.stream().anyMatch((network) -> network.matches(new InetSocketAddress(address, 0)));
	}

	private static @Nullable InetAddress parse(String text) {
		try {
			return InetAddress.ofLiteral(text);
		}
		catch (IllegalArgumentException _) {
			return null;
		}
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
