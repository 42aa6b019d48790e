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

/**
 * Makes the cache of loaded classes that goes into a service's image, by one start of the
 * service against an empty PostgreSQL that ends when its application context is complete.
 * The directory holds {@code app.jar} and {@code options}, the options of its JVM; the
 * cache becomes {@code cache/app.aot}, and the options from then on name it. A program
 * that is no Spring application is left without one. What the run has to say is some
 * thousand lines about classes that are not cached: they are shown only if it fails.
 */
public final class AotTraining {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	/**
	 * The options make the heap a part of the machine's memory. The machine that builds
	 * has another amount of it than a container, and trains for several images at once.
	 */
	private static final String MEMORY = "-XX:MaxRAM=384m";

	private static final String NOWHERE = "http://127.0.0.1:1";

	private AotTraining() {
	}

	public static void main(String[] arguments) throws IOException {
		System.exit(train(Path.of(arguments[0])) ? 0 : 1);
	}

	/** Returns whether the training run ended as it should. */
	static boolean train(Path app) throws IOException {
		Path cache = Files.createDirectories(app.resolve("cache")).resolve("app.aot");
		if (!Files.isDirectory(app.resolve("lib"))) {
			return true;
		}
		Path home = Files.createTempDirectory("training");
		PostgresServer postgres = new PostgresServer(Place.under(home, "postgres", Ports.free()), word(), false);
		try {
			String password = word();
			postgres.start(PATIENCE);
			postgres.createSchemas(PostgresServer.DATABASE,
					Declaration.ours()
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
			Binaries.delete(home);
		}
	}

	private static boolean run(Path app, Path options, Path cache, Map<String, String> environment, Path log)
			throws IOException {
		List<String> limited = Stream.concat(Stream.of(MEMORY), Files.readAllLines(options).stream()).toList();
		ChildProcess training = ChildProcess.start(
				AotCache.training(limited, cache.toAbsolutePath(), app.resolve("app.jar")), environment,
				new Place(0, app, log, log.resolveSibling("training.pid")));
		boolean ended = training.awaitEnd(PATIENCE);
		training.kill();
		return ended && training.exitCode() == 0 && Files.exists(cache);
	}

	/** Just enough for a start; nothing of it is kept. */
	private static Map<String, String> environment(PostgresServer postgres, String password) {
		Map<String, String> environment = new HashMap<>();
		environment.put("POSTGRES_ADDRESS", "127.0.0.1:" + postgres.port());
		environment.put("POSTGRES_PASSWORD", password);
		Declaration.ours().secrets().forEach((name, secret) -> environment.put(name, Secrets.made(secret)));
		Declaration.ours()
			.services()
			.values()
			.forEach((service) -> service.local().keySet().forEach((name) -> environment.put(name, NOWHERE)));
		return environment;
	}

	private static String word() {
		return UUID.randomUUID().toString();
	}

}
