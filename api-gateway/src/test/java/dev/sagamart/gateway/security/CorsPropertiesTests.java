package dev.sagamart.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** In the form in which docker-compose.yml sets the property. */
class CorsPropertiesTests {

	@Test
	void bindsOriginsFromTheEnvironment() {
		assertThat(bind("https://shop.example,https://app.example").allowedOrigins())
			.containsExactly("https://shop.example", "https://app.example");
	}

	@Test
	void permitsNoOriginByDefault() {
		assertThat(bind("").allowedOrigins()).isEmpty();
	}

	private static CorsProperties bind(String origins) {
		return new Binder(ConfigurationPropertySources
			.from(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of("SAGAMART_GATEWAY_CORS_ALLOWEDORIGINS", origins))))
			.bind("sagamart.gateway.cors", CorsProperties.class)
			.get();
	}

}
