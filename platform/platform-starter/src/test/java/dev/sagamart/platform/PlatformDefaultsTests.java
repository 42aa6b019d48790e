package dev.sagamart.platform;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class PlatformDefaultsTests {

	private final ConfigurableEnvironment environment = new MockEnvironment().withProperty("sagamart.schema", "orders")
		.withProperty("spring.application.name", "order-service");

	@Test
	void everyServiceStartsFromTheDefaults() {
		load();
		assertThat(property("spring.datasource.url"))
			.isEqualTo("jdbc:postgresql://localhost:5432/sagamart?currentSchema=orders");
		assertThat(property("spring.datasource.username")).isEqualTo("orders");
		assertThat(property("management.metrics.tags.service")).isEqualTo("order-service");
		assertThat(property("sagamart.security.jwks-uri")).isEqualTo("http://localhost:8081/oauth2/jwks");
		assertThat(property("management.endpoint.health.group.readiness.include")).isEqualTo("readinessState,db");
		assertThat(property("management.tracing.export.otlp.enabled")).isEqualTo("false");
	}

	@Test
	void theEnvironmentSaysWhereTheServersAre() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("env", Map.of("POSTGRES_ADDRESS", "db:1", "KAFKA_BOOTSTRAP_SERVERS", "k:2",
					"REDIS_ADDRESS", "r:3", "USER_SERVICE_URL", "http://users", "TOKEN_ISSUER", "https://shop")));
		load();
		assertThat(property("spring.datasource.url")).startsWith("jdbc:postgresql://db:1/");
		assertThat(property("spring.kafka.bootstrap-servers")).isEqualTo("k:2");
		assertThat(property("spring.data.redis.url")).isEqualTo("redis://r:3");
		assertThat(property("sagamart.security.jwks-uri")).isEqualTo("http://users/oauth2/jwks");
		assertThat(property("sagamart.security.issuer")).isEqualTo("https://shop");
	}

	@Test
	void tokensComeFromWhereBrowsersReachTheGateway() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("env", Map.of("GATEWAY_URL", "http://localhost:18080")));
		load();
		assertThat(property("sagamart.security.issuer")).isEqualTo("http://localhost:18080");
	}

	@Test
	void aServiceOverridesAnyLine() {
		this.environment.getPropertySources()
			.addLast(new MapPropertySource("application.yml", Map.of("spring.jpa.open-in-view", "true")));
		load();
		assertThat(property("spring.jpa.open-in-view")).isEqualTo("true");
	}

	@Test
	void logsAreTextOnOnesOwnMachineAndJsonEverywhereElse() {
		load();
		assertThat(property("logging.structured.format.console")).isEqualTo("ecs");
		MockEnvironment local = new MockEnvironment();
		local.setActiveProfiles("local", "demo");
		new PlatformDefaults().postProcessEnvironment(local, new SpringApplication());
		assertThat(local.getRequiredProperty("logging.structured.format.console")).isEmpty();
	}

	private void load() {
		new PlatformDefaults().postProcessEnvironment(this.environment, new SpringApplication());
	}

	private String property(String name) {
		return this.environment.getRequiredProperty(name);
	}

}
