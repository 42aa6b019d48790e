package dev.sagamart.platform.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/** Whether there is a Docker engine for the tests. */
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
			case "auto" -> mayBeThere() && DockerClientFactory.instance().isDockerAvailable();
			default ->
				throw new IllegalArgumentException("sagamart.test.servers is docker, local or auto, not " + choice);
		};
	}

	/**
	 * Testcontainers looks around for long and complains loudly; mostly one look does.
	 */
	private static boolean mayBeThere() {
		String home = System.getProperty("user.home");
		return System.getenv("DOCKER_HOST") != null || List
			.of(Path.of("/var/run/docker.sock"), Path.of(home, ".docker", "run", "docker.sock"),
					Path.of(home, ".colima", "default", "docker.sock"), Path.of(home, ".rd", "docker.sock"),
					Path.of(home, ".testcontainers.properties"))
			.stream()
			.anyMatch(Files::exists);
	}

}
