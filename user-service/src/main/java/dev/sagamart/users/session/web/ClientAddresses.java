package dev.sagamart.users.session.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
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

	private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

	public String of(HttpServletRequest request) {
		String forwarded = request.getHeader("X-Forwarded-For");
		if (forwarded == null || !ADDRESS.matcher(forwarded).matches() || !isOurs(request.getHeader("X-Edge-Secret"))) {
			return request.getRemoteAddr();
		}
		return forwarded;
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
