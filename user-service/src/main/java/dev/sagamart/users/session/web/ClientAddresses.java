package dev.sagamart.users.session.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * Finds out where a request comes from. Only the networks in which the gateway lives are
 * believed when they name somebody else in {@code X-Forwarded-For}.
 *
 * @param trustedProxies networks in CIDR form
 */
@ConfigurationProperties("sagamart.client-addresses")
record ClientAddresses(@DefaultValue( {
		"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16" }) List<String> trustedProxies){

	private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

	String of(HttpServletRequest request) {
		String peer = request.getRemoteAddr();
		String forwarded = request.getHeader("X-Forwarded-For");
		if (forwarded == null || !ADDRESS.matcher(forwarded).matches() || !isTrusted(peer)) {
			return peer;
		}
		return forwarded;
	}

	private boolean isTrusted(String peer) {
		return this.trustedProxies.stream().anyMatch((network) -> new IpAddressMatcher(network).matches(peer));
	}

}
