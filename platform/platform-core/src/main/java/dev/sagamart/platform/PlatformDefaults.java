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
 * Adds {@code platform-core-defaults.yml} behind every other property source, and before
 * it {@code platform-core-tls.yml} and {@code platform-core-local.yml} if the profile of
 * that name is active. The starter's {@code platform-defaults.yml} and
 * {@code platform-tls.yml}, where it is there, go before those of the same kind.
 */
class PlatformDefaults implements EnvironmentPostProcessor, Ordered {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		for (String kind : List.of("tls", "local", "defaults")) {
			if (kind.equals("defaults") || environment.matchesProfiles(kind)) {
				addLast("platform-" + kind + ".yml", environment);
				addLast("platform-core-" + kind + ".yml", environment);
			}
		}
	}

	private void addLast(String name, ConfigurableEnvironment environment) {
		ClassPathResource file = new ClassPathResource(name, getClass().getClassLoader());
		if (!file.exists()) {
			return;
		}
		try {
			new YamlPropertySourceLoader().load(name, file).forEach(environment.getPropertySources()::addLast);
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
