package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Ahead-of-time caches of the JVM: loaded and linked classes, which save a third of the
 * CPU of a start. One is made per build of a service, in the background and at the lowest
 * priority, by a run that ends when its application context is complete; such a run opens
 * no port and joins no consumer group. If it fails, services just start without.
 */
final class AotCache {

	private static final Duration PATIENCE = Duration.ofMinutes(15);

	/**
	 * Linux weighs sessions against each other before it looks at the priorities of their
	 * processes, where it groups them so.
	 */
	private static final List<String> LOWEST_PRIORITY = List.of("sh", "-c",
			"{ echo 19 > /proc/self/autogroup; } 2> /dev/null; exec nice -n 19 \"$@\"", "sh");

	private final Path directory;

	private final Map<String, Job> jobs = new LinkedHashMap<>();

	private volatile boolean stopped;

	private volatile ChildProcess training = ChildProcess.NONE;

	AotCache(Path directory) {
		this.directory = directory;
	}

	/**
	 * The JVM options that use the cache of an application; if there is none yet, it is
	 * made at the next {@link #makeMissing}.
	 * @param options all other options, which must be the same whenever a cache is used
	 */
	synchronized List<String> options(String name, ServiceJar jar, List<String> options,
			Map<String, String> environment) {
		Path cache = this.directory
			.resolve(name + "-" + jar.key() + "-" + Integer.toHexString(options.hashCode()) + ".aot");
		if (Files.isRegularFile(cache)) {
			return List.of("-XX:AOTCache=" + cache);
		}
		this.jobs.put(name, new Job(name, jar, options, environment, cache));
		return List.of();
	}

	/**
	 * Makes the caches that were missed. Blocks until they are there or it is stopped.
	 */
	void makeMissing(Path log) {
		List<Job> missing;
		synchronized (this) {
			missing = List.copyOf(this.jobs.values());
			this.jobs.clear();
		}
		for (Job job : missing) {
			if (!this.stopped) {
				make(job, log);
			}
		}
	}

	/** Ends a training run that is under way. */
	void stop() {
		this.stopped = true;
		synchronized (this) {
			this.training.killAll();
		}
	}

	private void make(Job job, Path log) {
		Path fresh = this.directory.resolve(job.name() + ".new");
		try {
			Files.createDirectories(this.directory);
			List<String> command = new ArrayList<>(LOWEST_PRIORITY);
			List<String> options = new ArrayList<>(JvmFiles.options(this.directory, log));
			options.addAll(job.options());
			command.addAll(training(options, fresh, job.jar().file()));
			Place place = new Place(0, this.directory, log, this.directory.resolveSibling("run").resolve("aot.pid"));
			synchronized (this) {
				if (this.stopped) {
					return;
				}
				this.training = ChildProcess.start(command, job.environment(), place);
			}
			boolean ended = this.training.awaitEnd(PATIENCE);
			this.training.killAll();
			if (ended && !this.stopped && Files.exists(fresh)) {
				removeOld(job.name());
				Files.move(fresh, job.cache(), StandardCopyOption.ATOMIC_MOVE);
			}
		}
		catch (IOException | PartFailedException ex) {
			// The next start is as slow as this one, and tries again.
			return;
		}
	}

	/**
	 * The command of a training run, which writes the cache at its end.
	 * @param options all options with which the cache will be used
	 */
	static List<String> training(List<String> options, Path cache, Path jar) {
		List<String> command = new ArrayList<>(List.of(Jdk.java().toString()));
		command.addAll(options);
		// What cannot be in a cache is just not in it: nothing to warn of.
		command.addAll(List.of("-Xlog:aot*=error", "-XX:AOTCacheOutput=" + cache, "-Dspring.context.exit=onRefresh",
				"-jar", jar.toString()));
		return command;
	}

	private void removeOld(String name) throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.filter((path) -> path.getFileName().toString().startsWith(name + "-")).toList()) {
				Files.delete(file);
			}
		}
	}

	private record Job(String name, ServiceJar jar, List<String> options, Map<String, String> environment, Path cache) {
	}

}
