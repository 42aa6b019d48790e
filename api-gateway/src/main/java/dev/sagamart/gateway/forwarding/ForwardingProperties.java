package dev.sagamart.gateway.forwarding;

import jakarta.validation.constraints.Positive;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Trust between proxies, the gateway and the services.
 *
 * @param trustedProxies addresses or networks (CIDR) from which only the proxy in front
 * of the gateway can connect; none by default
 * @param proxyHops how many proxies in a row are in front of the gateway; each of them
 * appends the address of its client to {@code X-Forwarded-For}
 * @param edgeSecret proves to the services that the gateway set the client address; if
 * empty, it is not sent and the services ignore the address
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
