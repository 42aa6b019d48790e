package dev.sagamart.gateway.forwarding;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whom the gateway believes, and how services know the gateway.
 *
 * @param trustedProxies networks (CIDR) of the proxies before the gateway, whose
 * {@code X-Forwarded-For} is believed; none by default
 * @param edgeSecret what services are shown as a sign that it is the gateway that tells
 * them the client's address; empty: nothing is shown, and they believe nobody
 */
@ConfigurationProperties("sagamart.gateway")
record ForwardingProperties(@DefaultValue List<String> trustedProxies, @DefaultValue("") String edgeSecret) {

	@Override
	public String toString() {
		return "ForwardingProperties[trustedProxies=" + this.trustedProxies + "]";
	}

}
