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
 * Finds out where a request comes from. Who knows the secret that the gateway has is
 * believed when it names somebody else in {@code X-Forwarded-For}; without a secret,
 * nobody is.
 *
 * @param secret that the gateway sends in {@code X-Edge-Secret}
 */
@ConfigurationProperties("sagamart.edge")
public record ClientAddresses(@DefaultValue("") String secret) {

	/**
	 * The address as failures are counted by it, in the form in which the gateway counts
	 * too: IPv4 also where it comes as IPv6 ({@code ::ffff:192.0.2.7}), and of IPv6 the
	 * network ({@code 2001:db8:1:2::/64}), since somebody who has one address there has
	 * all of them.
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
