package dev.sagamart.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;

/**
 * Adds {@code platform-defaults.yml} behind every other property source, and before it
 * {@code platform-tls.yml} and {@code platform-local.yml} if the profile of that name is
 * active.
 */
class PlatformDefaults implements EnvironmentPostProcessor, Ordered {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		for (String profile : List.of("tls", "local")) {
			if (environment.matchesProfiles(profile)) {
				addLast("platform-" + profile + ".yml", environment);
			}
		}
		addLast("platform-defaults.yml", environment);
	}

	private void addLast(String name, ConfigurableEnvironment environment) {
		try {
			new YamlPropertySourceLoader().load(name, new ClassPathResource(name, getClass().getClassLoader()))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
