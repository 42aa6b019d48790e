package dev.sagamart.gateway.routing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

class TimeoutOrderCheckTests {

	private static final String HTTP_CLIENT = "spring.cloud.gateway.server.webflux.httpclient.";

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Beans.class)
		.withPropertyValues(HTTP_CLIENT + "connect-timeout=1000", HTTP_CLIENT + "response-timeout=5s");

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ HttpClientProperties.class, RoutingProperties.class })
	@Import(TimeoutOrderCheck.class)
	static class Beans {

	}

	@Test
	void acceptsTheDefaults() {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ HTTP_CLIENT + "response-timeout=1s, response-timeout, connect-timeout",
			HTTP_CLIENT + "response-timeout=8s, route-timeout, response-timeout",
			"sagamart.gateway.routing.route-timeout=12s, client-timeout, route-timeout",
			"sagamart.gateway.routing.client-timeout=1s, client-timeout, route-timeout" })
	void refusesAnInnerTimeoutThatCannotFire(String property, String longer, String shorter) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining(longer)
				.hasMessageContaining(shorter));
	}

}
