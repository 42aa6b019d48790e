package dev.sagamart.platform.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** Detects a Docker engine for the tests. */
final class DockerEngine {

	private static final boolean ANSWERS = decide(System.getProperty("sagamart.test.servers", "auto"));

	private DockerEngine() {
	}

	static boolean answers() {
		return ANSWERS;
	}

	static boolean decide(String choice) {
		return switch (choice) {
			case "docker" -> true;
			case "local" -> false;
			case "auto" -> mayBeThere() && isUsable();
			default -> throw new IllegalArgumentException(
					"sagamart.test.servers must be docker, local or auto, not " + choice);
		};
	}

	/**
	 * Whether the engine can also run the containers that Testcontainers itself needs.
	 */
	private static boolean isUsable() {
		try {
			return DockerClientFactory.instance().isDockerAvailable();
		}
		catch (RuntimeException ex) {
			LoggerFactory.getLogger(DockerEngine.class)
				.warn("Docker is not usable, so tests run without containers: {}", ex.toString());
			return false;
		}
	}

	/**
	 * A quick check for Docker, because the search of Testcontainers is slow and logs
	 * errors.
	 */
	static boolean mayBeThere(@Nullable String dockerHost, Path socket, Path home) {
		return dockerHost != null || Stream
			.of(socket, home.resolve(".docker/run/docker.sock"), home.resolve(".colima/default/docker.sock"),
					home.resolve(".rd/docker.sock"), home.resolve(".testcontainers.properties"))
			.anyMatch(Files::exists);
	}

	private static boolean mayBeThere() {
		return mayBeThere(System.getenv("DOCKER_HOST"), Path.of("/var/run/docker.sock"),
				Path.of(System.getProperty("user.home")));
	}

}
