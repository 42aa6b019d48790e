package dev.sagamart.users.session.web;

import dev.sagamart.platform.request.ClientNetwork;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
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

	/** The unit in which failures are counted, see {@link ClientNetwork}. */
	public String of(HttpServletRequest request) {
		InetAddress forwarded = isOurs(request.getHeader("X-Edge-Secret"))
				? ClientNetwork.parse(request.getHeader("X-Forwarded-For")) : null;
		return ClientNetwork.of((forwarded != null) ? forwarded : InetAddress.ofLiteral(request.getRemoteAddr()));
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
