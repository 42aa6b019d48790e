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
 * Adds {@code platform-core-defaults.yml} with the lowest precedence of all property
 * sources. If the profile {@code tls} or {@code local} is active, the file of that name
 * overrides it. Each file of the starter, such as {@code platform-defaults.yml},
 * overrides the file of the same kind of this module.
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
