package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Processes that a killed launcher or test left running. A process is an orphan only if a
 * pid file contains its id and its command line contains our directory, because the
 * system may have given the id to another process.
 */
public final class Orphans {

	private static final Duration GRACE = Duration.ofSeconds(10);

	private Orphans() {
	}

	/**
	 * Stops the processes of the pid files in a directory, by force after {@link #GRACE},
	 * and deletes the files.
	 * @param marker a path in the first 4096 characters of the command line of each of
	 * our processes; {@link ProcessHandle} shows no more
	 * @return the names of the parts that were still running
	 */
	public static List<String> reap(Path runDirectory, Path marker) {
		if (!Files.isDirectory(runDirectory)) {
			return List.of();
		}
		try {
			Map<String, ProcessHandle> orphans = new LinkedHashMap<>();
			for (Path file : pidFiles(runDirectory)) {
				process(file, marker).ifPresent(
						(process) -> orphans.put(file.getFileName().toString().replaceAll("\\.pid$", ""), process));
			}
			List<ProcessHandle> processes = List.copyOf(orphans.values());
			processes.forEach((process) -> SystemCommand.send("INT", process.pid()));
			end(processes);
			for (Path file : pidFiles(runDirectory)) {
				Files.deleteIfExists(file);
			}
			return List.copyOf(orphans.keySet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits until processes end, and kills them after {@link #GRACE}. */
	static void end(List<ProcessHandle> processes) {
		await(processes);
		processes.forEach(ProcessHandle::destroyForcibly);
		// A zombie whose parent does not reap it never exits; it holds no resources.
		await(processes);
	}

	private static void await(List<ProcessHandle> processes) {
		CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
			.completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS)
			.join();
	}

	private static List<Path> pidFiles(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.getFileName().toString().endsWith(".pid")).sorted().toList();
		}
	}

	private static Optional<ProcessHandle> process(Path pidFile, Path marker) throws IOException {
		String text = Files.readString(pidFile).strip();
		return text.matches("\\d{1,9}") ? ProcessHandle.of(Long.parseLong(text))
			.filter((process) -> process.info().commandLine().orElse("").contains(marker.toAbsolutePath().toString()))
				: Optional.empty();
	}

	/** The processes with this working directory; none on a system without /proc. */
	static List<ProcessHandle> processesIn(Path directory) throws IOException {
		// /proc shows the path with all symbolic links resolved.
		Path real = directory.toRealPath();
		return ProcessHandle.allProcesses().filter((process) -> {
			try {
				return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")).equals(real);
			}
			catch (IOException ex) {
				return false;
			}
		}).toList();
	}

}
