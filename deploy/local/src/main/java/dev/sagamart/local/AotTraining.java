package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Creates the ahead-of-time cache for the image of a service. It starts the service once
 * with an empty PostgreSQL; that run ends when the application context is complete. The
 * directory contains {@code app.jar} and {@code options}, the options of the JVM. The
 * cache is written to {@code cache/app.aot} and added to the options. Programs that are
 * not Spring applications get no cache. The run prints about a thousand lines on classes
 * that are not cached, so its output is shown only if it fails.
 */
public final class AotTraining {

	private static final Duration TIMEOUT = Duration.ofMinutes(5);

	/**
	 * The options size the heap by the memory of the machine. A build machine has more
	 * memory than a container and trains for several images at once.
	 */
	private static final String MEMORY_LIMIT = "-XX:MaxRAM=384m";

	private static final String UNREACHABLE = "http://127.0.0.1:1";

	private AotTraining() {
	}

	public static void main(String[] arguments) throws IOException {
		System.exit(train(Path.of(arguments[0])) ? 0 : 1);
	}

	/** Returns whether the training run succeeded. */
	static boolean train(Path app) throws IOException {
		Path cache = Files.createDirectories(app.resolve("cache")).resolve("app.aot");
		if (!Files.isDirectory(app.resolve("lib"))) {
			return true;
		}
		Path home = Files.createTempDirectory("training");
		String password = UUID.randomUUID().toString();
		PostgresServer postgres = new PostgresServer(Place.under(home, "postgres", Ports.free()), password, false);
		try {
			postgres.start(TIMEOUT);
			postgres.createSchemas(PostgresServer.DATABASE,
					Declaration.current()
						.services()
						.values()
						.stream()
						.collect(Collectors.toMap(Declaration.Service::schema, (service) -> password)));
			Path options = app.resolve("options");
			Path log = home.resolve("training.log");
			if (!run(app, options, cache, environment(postgres, password), log)) {
				Files.copy(log, System.err);
				return false;
			}
			Files.writeString(options, Files.readString(options) + "-XX:AOTCache=" + cache.toAbsolutePath() + "\n");
			return true;
		}
		finally {
			postgres.kill();
			FileUtils.deleteDirectory(home.toFile());
		}
	}

	private static boolean run(Path app, Path options, Path cache, Map<String, String> environment, Path log)
			throws IOException {
		List<String> limited = Stream.concat(Stream.of(MEMORY_LIMIT), Files.readAllLines(options).stream()).toList();
		Part training = new ProgramPart(new Place("training", 0, app, log, log.resolveSibling("training.pid")),
				() -> AotCache.trainingCommand(limited, cache.toAbsolutePath(), app.resolve("app.jar")), environment,
				() -> false);
		training.start();
		boolean ended = training.awaitEnd(TIMEOUT);
		training.kill();
		return ended && training.exitCode() == 0 && Files.exists(cache);
	}

	/** The least that a service needs to start; none of the values is kept. */
	private static Map<String, String> environment(PostgresServer postgres, String password) {
		Map<String, String> environment = new HashMap<>();
		environment.put("POSTGRES_ADDRESS", "127.0.0.1:" + postgres.port());
		environment.put("POSTGRES_PASSWORD", password);
		Declaration.current().secrets().forEach((name, secret) -> environment.put(name, Secrets.generate(secret)));
		Declaration.current()
			.services()
			.values()
			.forEach((service) -> service.local().keySet().forEach((name) -> environment.put(name, UNREACHABLE)));
		return environment;
	}

}
