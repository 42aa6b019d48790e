package dev.sagamart.platform.request;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/** The network from which a client sends its requests. */
public final class ClientNetwork {

	private ClientNetwork() {
	}

	/** Reads an address; {@code null} if the text is anything else, like a host name. */
	public static @Nullable InetAddress parse(@Nullable String text) {
		try {
			return (text != null) ? InetAddress.ofLiteral(text) : null;
		}
		catch (IllegalArgumentException _) {
			return null;
		}
	}

	/**
	 * The unit in which limits are applied to addresses. For IPv4, also in the form of
	 * IPv6 ({@code ::ffff:192.0.2.7}), it is the address itself. For IPv6 it is the /64
	 * network ({@code 2001:db8:1:2::/64}), because the owner of one address can use all
	 * addresses of that network.
	 */
	public static String of(InetAddress address) {
		if (address instanceof Inet6Address) {
			ShortBuffer groups = ByteBuffer.wrap(address.getAddress()).asShortBuffer();
			return "%x:%x:%x:%x::/64".formatted(groups.get(), groups.get(), groups.get(), groups.get());
		}
		return address.getHostAddress();
	}

}
