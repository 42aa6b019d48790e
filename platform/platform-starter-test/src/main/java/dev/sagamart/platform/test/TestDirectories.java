package dev.sagamart.platform.test;

import dev.sagamart.local.Orphans;
import dev.sagamart.local.Part;
import dev.sagamart.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The directory for the servers of a test JVM. Its name contains the process id, so that
 * the next JVM can clean up after a killed one.
 */
final class TestDirectories {

	private static final String PREFIX = "sagamart-test-";

	private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"));

	private static final Duration GRACE = Duration.ofSeconds(5);

	private static final SingletonSupplier<Path> OWN = SingletonSupplier.of(TestDirectories::create);

	private TestDirectories() {
	}

	/** The directory of this JVM, which is deleted at its end. */
	static Path own() {
		return OWN.obtain();
	}

	/** Also removes the directories of killed test JVMs. */
	static Path create() {
		try {
			removeAbandoned();
			Path directory = Files.createDirectories(ROOT.resolve(PREFIX + ProcessHandle.current().pid()));
			Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Stops the servers of killed test JVMs and deletes their files. */
	private static void removeAbandoned() throws IOException {
		List<Path> candidates;
		try (Stream<Path> paths = Files.list(ROOT)) {
			candidates = paths.filter((path) -> path.getFileName().toString().matches(PREFIX + "\\d+"))
				.filter(Files::isWritable)
				.toList();
		}
		for (Path directory : candidates) {
			long owner = Long.parseLong(directory.getFileName().toString().substring(PREFIX.length()));
			if (ProcessHandle.of(owner).isEmpty()) {
				remove(directory);
			}
		}
	}

	/**
	 * Stops the server when the JVM ends. It may be killed, because its data is deleted;
	 * but PostgreSQL is stopped, because a kill would leave its shared memory behind.
	 */
	static Part endedWithTheJvm(Part part) {
		Runtime.getRuntime()
			.addShutdownHook(new Thread((part instanceof PostgresServer) ? () -> part.stop(GRACE) : part::kill));
		return part;
	}

	private static void remove(Path directory) {
		try {
			Orphans.reap(directory.resolve("run"), directory);
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException | UncheckedIOException ex) {
			// Another process deletes it at the same time, or the next run will delete
			// it.
			return;
		}
	}

}
