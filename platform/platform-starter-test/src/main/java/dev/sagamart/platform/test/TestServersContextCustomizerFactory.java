package dev.sagamart.platform.test;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * Sets the properties that the launcher sets in production, for tests
 * {@link WithTestServers}. A server starts only when its property is read, so a service
 * without Redis does not start it.
 */
class TestServersContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		return TestContextAnnotationUtils.hasAnnotation(testClass, WithTestServers.class)
				? new Customizer(TestContextAnnotationUtils.hasAnnotation(testClass, PlatformTest.class)) : null;
	}

	/** A record, because the context cache compares customizers with equals. */
	private record Customizer(boolean wholeService) implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
			ConfigurableEnvironment environment = context.getEnvironment();
			MutablePropertySources sources = environment.getPropertySources();
			if (this.wholeService) {
				sources.addFirst(new MapPropertySource("sagamart random ports",
						Map.of("management.server.port", "0", "spring.grpc.server.port", "0")));
				// A busy machine may stall for seconds although the database is
				// available.
				sources.addAfter(TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME, new MapPropertySource(
						"sagamart patience", Map.of("spring.datasource.hikari.connection-timeout", "8000")));
			}
			sources.addLast(servers(environment));
		}

		private static MapPropertySource servers(ConfigurableEnvironment environment) {
			Map<String, Supplier<Object>> servers = Map.of("POSTGRES_ADDRESS", () -> TestServers.postgres().address(),
					"POSTGRES_PASSWORD",
					() -> TestServers.postgres().password(environment.getRequiredProperty("sagamart.schema")),
					"KAFKA_BOOTSTRAP_SERVERS", () -> TestServers.kafka().address(), "REDIS_ADDRESS",
					() -> TestServers.redis().address(), "JWKS_URI", () -> TestTokens.shared().jwksUri(), "TOKEN_URI",
					() -> TestTokens.shared().tokenUri());
			return new MapPropertySource("sagamart test servers", Map.copyOf(servers)) {

				@Override
				public @Nullable Object getProperty(String name) {
					return (super.getProperty(name) instanceof Supplier<?> server) ? server.get() : null;
				}

			};
		}

	}

}
