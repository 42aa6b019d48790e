package dev.sagamart.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * In the form in which docker-compose.yml and the Kubernetes Ingress set the properties.
 */
class ForwardingPropertiesTests {

	@Test
	void bindsProxiesFromTheEnvironment() {
		assertThat(bind("10.0.0.0/8, 172.16.0.0/12").trustedProxies()).containsExactly("10.0.0.0/8", "172.16.0.0/12");
	}

	@Test
	void trustsNobodyByDefault() {
		assertThat(bind("").trustedProxies()).isEmpty();
	}

	private static ForwardingProperties bind(String proxies) {
		return new Binder(ConfigurationPropertySources
			.from(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of("SAGAMART_GATEWAY_TRUSTEDPROXIES", proxies))))
			.bind("sagamart.gateway", ForwardingProperties.class)
			.get();
	}

}
