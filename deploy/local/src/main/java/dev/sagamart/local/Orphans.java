package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Processes that a killed launcher or test left running. A process is an orphan only if a
 * pid file contains its id and its command line contains our directory, because the
 * system may have given the id to another process.
 */
public final class Orphans {

	private static final Duration GRACE = Duration.ofSeconds(10);

	/** The encoding of command lines and paths. */
	private static final Charset OF_COMMAND_LINES = Charset.forName(System.getProperty("sun.jnu.encoding"));

	private Orphans() {
	}

	/**
	 * Stops the processes of the pid files in a directory, by force after {@link #GRACE},
	 * and deletes the files.
	 * @param marker a path that the command line of each of our processes contains
	 * @return the names of the parts that were still running
	 */
	public static List<String> reap(Path runDirectory, Path marker) {
		if (!Files.isDirectory(runDirectory)) {
			return List.of();
		}
		try {
			Map<String, ProcessHandle> orphans = new LinkedHashMap<>();
			for (Path file : pidFiles(runDirectory)) {
				ProcessHandle process = process(file, marker);
				if (process != null) {
					orphans.put(file.getFileName().toString().replaceAll("\\.pid$", ""), process);
				}
			}
			end(List.copyOf(orphans.values()));
			for (Path file : pidFiles(runDirectory)) {
				Files.deleteIfExists(file);
			}
			return List.copyOf(orphans.keySet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void end(List<ProcessHandle> processes) {
		processes.forEach((process) -> ChildProcess.send("INT", process.pid()));
		Instant end = Instant.now().plus(GRACE);
		for (ProcessHandle process : processes) {
			while (process.isAlive() && Instant.now().isBefore(end)) {
				Part.pause(Duration.ofMillis(20));
			}
			process.destroyForcibly();
			// A zombie whose parent does not reap it never exits; it holds no resources.
			process.onExit().completeOnTimeout(process, GRACE.toMillis(), TimeUnit.MILLISECONDS).join();
		}
	}

	private static List<Path> pidFiles(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.getFileName().toString().endsWith(".pid")).sorted().toList();
		}
	}

	private static @Nullable ProcessHandle process(Path pidFile, Path marker) throws IOException {
		String text = Files.readString(pidFile).strip();
		if (!text.matches("\\d{1,9}")) {
			return null;
		}
		long pid = Long.parseLong(text);
		String commandLine = commandLine(pid);
		return (commandLine != null && commandLine.contains(marker.toAbsolutePath().toString()))
				? ProcessHandle.of(pid).orElse(null) : null;
	}

	/** The whole command line; {@link ProcessHandle} cuts it after 4096 characters. */
	public static @Nullable String commandLine(long pid) {
		Path file = Path.of("/proc", Long.toString(pid), "cmdline");
		try {
			return Files.isReadable(file) ? new String(Files.readAllBytes(file), OF_COMMAND_LINES).replace('\0', ' ')
					: ChildProcess.run(List.of("ps", "-o", "command=", "-p", Long.toString(pid)));
		}
		catch (IOException ex) {
			return null;
		}
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
