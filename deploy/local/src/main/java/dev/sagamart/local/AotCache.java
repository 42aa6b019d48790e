package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.filefilter.PrefixFileFilter;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's ahead-of-time caches. They hold loaded and linked classes and save a third of
 * the CPU time of a start. A training run in the background, at the lowest priority,
 * creates one per build of a service. It ends when the application context is complete,
 * opens no port and joins no consumer group. If it fails, the service starts without a
 * cache.
 */
final class AotCache {

	private static final Duration TIMEOUT = Duration.ofMinutes(15);

	/**
	 * With autogrouping, Linux shares the CPU between sessions first and looks at the
	 * priorities of processes only within a session.
	 */
	private static final List<String> LOWEST_PRIORITY = List.of("sh", "-c",
			"{ echo 19 > /proc/self/autogroup; } 2> /dev/null; exec nice -n 19 \"$@\"", "sh");

	private final Path directory;

	private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();

	private volatile boolean stopped;

	private @Nullable Part training;

	AotCache(Path directory) {
		this.directory = directory;
	}

	/**
	 * Returns the JVM options that use the cache of an application. If there is no cache
	 * yet, returns none, and the next {@link #createMissing} creates it.
	 * @param options all other options, which must be the same whenever a cache is used
	 */
	List<String> options(String name, ServiceJar jar, List<String> options, Map<String, String> environment) {
		Path cache = this.directory
			.resolve(name + "-" + jar.key() + "-" + Integer.toHexString(options.hashCode()) + ".aot");
		if (Files.isRegularFile(cache)) {
			return List.of("-XX:AOTCache=" + cache);
		}
		this.jobs.add(new Job(name, jar, options, environment, cache));
		return List.of();
	}

	/**
	 * Creates the caches that {@link #options} did not find. Blocks until they exist or
	 * {@link #stop} is called.
	 */
	void createMissing(Path log) {
		for (Job job = this.jobs.poll(); job != null && !this.stopped; job = this.jobs.poll()) {
			// A service that was started twice meanwhile has two jobs.
			if (!Files.exists(job.cache())) {
				create(job, log);
			}
		}
	}

	/** Kills a running training run. */
	void stop() {
		this.stopped = true;
		synchronized (this) {
			if (this.training != null) {
				this.training.killAll();
			}
		}
	}

	private void create(Job job, Path log) {
		Path fresh = this.directory.resolve(job.name() + ".new");
		try {
			Files.createDirectories(this.directory);
			List<String> command = new ArrayList<>(LOWEST_PRIORITY);
			List<String> options = new ArrayList<>(Jvm.fileOptions(this.directory, log));
			options.addAll(job.options());
			command.addAll(trainingCommand(options, fresh, job.jar().file()));
			Place place = new Place("aot", 0, this.directory, log,
					this.directory.resolveSibling("run").resolve("aot.pid"));
			Part run = new ProgramPart(place, () -> command, job.environment(), () -> false);
			synchronized (this) {
				if (this.stopped) {
					return;
				}
				this.training = run;
				run.start();
			}
			boolean ended = run.awaitEnd(TIMEOUT);
			run.killAll();
			if (ended && !this.stopped && Files.exists(fresh)) {
				FileUtils.listFiles(this.directory.toFile(), new PrefixFileFilter(job.name() + "-"), null)
					.forEach(FileUtils::deleteQuietly);
				Files.move(fresh, job.cache(), StandardCopyOption.ATOMIC_MOVE);
			}
		}
		catch (IOException | PartFailedException ex) {
			// The next start is as slow as this one and tries again.
			return;
		}
	}

	/**
	 * The command of a training run, which writes the cache when it ends.
	 * @param options all options with which the cache will be used
	 */
	static List<String> trainingCommand(List<String> options, Path cache, Path jar) {
		List<String> command = new ArrayList<>(List.of(Jvm.JAVA));
		command.addAll(options);
		// The JVM warns of each class that cannot be cached. That is expected.
		command.addAll(List.of("-Xlog:aot*=error", "-XX:AOTCacheOutput=" + cache, "-Dspring.context.exit=onRefresh",
				"-jar", jar.toString()));
		return command;
	}

	private record Job(String name, ServiceJar jar, List<String> options, Map<String, String> environment, Path cache) {
	}

}
