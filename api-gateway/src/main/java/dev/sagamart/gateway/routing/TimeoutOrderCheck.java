package dev.sagamart.gateway.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.stereotype.Component;

/**
 * Fails the start if a time-out could never fire because an outer one is shorter. From
 * inner to outer: connect, response, route, client.
 */
@Component
class TimeoutOrderCheck {

	private static final String HTTP_CLIENT = "spring.cloud.gateway.server.webflux.httpclient.";

	private static final String ROUTING = "sagamart.gateway.routing.";

	TimeoutOrderCheck(HttpClientProperties http, RoutingProperties routing) {
		Duration connect = (http.getConnectTimeout() != null) ? Duration.ofMillis(http.getConnectTimeout()) : null;
		requireLonger(HTTP_CLIENT + "connect-timeout", connect, HTTP_CLIENT + "response-timeout",
				http.getResponseTimeout());
		requireLonger(HTTP_CLIENT + "response-timeout", http.getResponseTimeout(), ROUTING + "route-timeout",
				routing.routeTimeout());
		requireLonger(ROUTING + "route-timeout", routing.routeTimeout(), ROUTING + "client-timeout",
				routing.clientTimeout());
	}

	private static void requireLonger(String shorterName, @Nullable Duration shorter, String longerName,
			@Nullable Duration longer) {
		if (shorter == null || longer == null || shorter.compareTo(longer) >= 0) {
			throw new InvalidConfigurationPropertyValueException(longerName, longer,
					"It must be longer than " + shorterName + ", which is " + shorter);
		}
	}

}
