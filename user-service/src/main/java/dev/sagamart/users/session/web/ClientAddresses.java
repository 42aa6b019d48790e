package dev.sagamart.users.session.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Determines the network address of a client. {@code X-Forwarded-For} is trusted only in
 * requests with the secret of the gateway; without a configured secret, never.
 *
 * @param secret that the gateway sends in {@code X-Edge-Secret}
 */
@ConfigurationProperties("sagamart.edge")
public record ClientAddresses(@DefaultValue("") String secret) {

	/**
	 * The address by which failures are counted, in the same form as in the gateway: IPv4
	 * also for mapped addresses ({@code ::ffff:192.0.2.7}), and the network for IPv6
	 * ({@code 2001:db8:1:2::/64}), because a client has all addresses of its network.
	 */
	public String of(HttpServletRequest request) {
		InetAddress forwarded = isOurs(request.getHeader("X-Edge-Secret")) ? parse(request.getHeader("X-Forwarded-For"))
				: null;
		return networkOf((forwarded != null) ? forwarded : InetAddress.ofLiteral(request.getRemoteAddr()));
	}

	private static @Nullable InetAddress parse(@Nullable String text) {
		try {
			return (text != null) ? InetAddress.ofLiteral(text) : null;
		}
		catch (IllegalArgumentException _) {
			return null;
		}
	}

	private static String networkOf(InetAddress address) {
		if (address instanceof Inet6Address) {
			ShortBuffer groups = ByteBuffer.wrap(address.getAddress()).asShortBuffer();
			return "%x:%x:%x:%x::/64".formatted(groups.get(), groups.get(), groups.get(), groups.get());
		}
		return address.getHostAddress();
	}

	private boolean isOurs(@Nullable String presented) {
		return presented != null && !this.secret.isBlank() && MessageDigest
			.isEqual(presented.getBytes(StandardCharsets.UTF_8), this.secret.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public String toString() {
		return "ClientAddresses[…]";
	}

}
