package dev.sagamart.platform;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class CommonDefaultsTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("sagamart.schema", "gateway")
		.withProperty("spring.application.name", "api-gateway")
		.withProperty("TLS_DIRECTORY", "/tls");

	@Test
	void appliesCommonDefaultsWithoutTheStarter() {
		load();
		assertThat(property("spring.datasource.url"))
			.isEqualTo("jdbc:postgresql://localhost:5432/sagamart?currentSchema=gateway");
		assertThat(property("spring.datasource.hikari.data-source-properties.ApplicationName"))
			.isEqualTo("api-gateway");
		assertThat(property("sagamart.security.jwks-uri")).isEqualTo("http://localhost:8081/oauth2/jwks");
		assertThat(property("logging.structured.format.console")).isEqualTo("ecs");
		assertThat(this.environment.containsProperty("sagamart.security.scope")).isFalse();
		assertThat(this.environment.containsProperty("sagamart.security.ssl-bundle")).isFalse();
	}

	@Test
	void otherPropertySourcesOverrideTheDefaults() {
		this.environment.getPropertySources()
			.addLast(new MapPropertySource("application.yml", Map.of("spring.flyway.create-schemas", "true")));
		load();
		assertThat(property("spring.flyway.create-schemas")).isEqualTo("true");
	}

	@Test
	void servicesRequireClientCertificatesInTheProfileTls() {
		this.environment.setActiveProfiles("tls");
		load();
		assertThat(property("sagamart.security.ssl-bundle")).isEqualTo("platform");
		assertThat(property("spring.ssl.bundle.pem.platform.keystore.certificate")).isEqualTo("file:/tls/tls.crt");
		assertThat(property("spring.ssl.bundle.pem.platform.options.ciphers")).contains("TLS_AES_256_GCM_SHA384,")
			.doesNotContain("CBC", "TLS_RSA");
		assertThat(property("logging.structured.format.console")).isEqualTo("ecs");
	}

	@Test
	void logsArePlainTextInTheProfileLocal() {
		this.environment.setActiveProfiles("local", "demo");
		load();
		assertThat(property("logging.structured.format.console")).isEmpty();
	}

	private void load() {
		new PlatformDefaults().postProcessEnvironment(this.environment, new SpringApplication());
	}

	private String property(String name) {
		return this.environment.getRequiredProperty(name);
	}

}
