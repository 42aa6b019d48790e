package dev.sagamart.gateway.forwarding;

import jakarta.validation.constraints.Positive;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Whom the gateway believes, and how services know the gateway.
 *
 * @param trustedProxies addresses, or networks (CIDR), from which the proxy before the
 * gateway connects, and nobody else can; none by default
 * @param proxyHops how many proxies there are before the gateway, one behind the other,
 * of which each adds to {@code X-Forwarded-For} where the request came from
 * @param edgeSecret what services are shown as a sign that it is the gateway that tells
 * them the client's address; empty: nothing is shown, and they believe nobody
 */
@Validated
@ConfigurationProperties("sagamart.gateway")
record ForwardingProperties(@DefaultValue List<String> trustedProxies, @DefaultValue("1") @Positive int proxyHops,
		@DefaultValue("") String edgeSecret) {

	@Override
	public String toString() {
		return "ForwardingProperties[trustedProxies=" + this.trustedProxies + ", proxyHops=" + this.proxyHops + "]";
	}

}
