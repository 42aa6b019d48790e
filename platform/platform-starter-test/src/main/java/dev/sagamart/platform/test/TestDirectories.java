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
 * Where the servers of a test JVM keep their files: a directory that names the JVM, so
 * that the next one can clean up after one that was killed.
 */
final class TestDirectories {

	private static final String PREFIX = "sagamart-test-";

	private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"));

	private static final Duration GRACE = Duration.ofSeconds(5);

	private static final SingletonSupplier<Path> OWN = SingletonSupplier.of(TestDirectories::make);

	private TestDirectories() {
	}

	/** This JVM's, gone when it ends. */
	static Path own() {
		return OWN.obtain();
	}

	static Path create() throws IOException {
		Path directory = Files.createDirectories(ROOT.resolve(PREFIX + ProcessHandle.current().pid()));
		Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
		return directory;
	}

	/** Ends what a killed test JVM left running, and removes its files. */
	static void removeAbandoned() throws IOException {
		List<Path> candidates;
		try (Stream<Path> paths = Files.list(ROOT)) {
			candidates = paths.filter((path) -> path.getFileName().toString().matches(PREFIX + "\\d+"))
				.filter(Files::isWritable)
				.toList();
		}
		for (Path directory : candidates) {
			long owner = Long.parseLong(directory.getFileName().toString().substring(PREFIX.length()));
			if (ProcessHandle.of(owner).isEmpty()) {
				Orphans.reap(directory.resolve("run"), directory);
				remove(directory);
			}
		}
	}

	/**
	 * Its data is thrown away, so a server may end as it likes, but PostgreSQL would
	 * leave its shared memory behind if it were killed.
	 */
	static Part endedWithTheJvm(Part part) {
		Runtime.getRuntime()
			.addShutdownHook(new Thread((part instanceof PostgresServer) ? () -> part.stop(GRACE) : part::kill));
		return part;
	}

	private static void remove(Path directory) {
		Orphans.reap(directory.resolve("run"), directory);
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			// Somebody else removes it as well, or the next run will.
			return;
		}
	}

	private static Path make() {
		try {
			removeAbandoned();
			return create();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
