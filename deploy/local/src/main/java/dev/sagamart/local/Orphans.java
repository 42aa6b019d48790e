package dev.sagamart.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.FilenameUtils;
import org.apache.commons.io.function.Uncheck;

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
		String directory = marker.toAbsolutePath().toString();
		SortedMap<String, ProcessHandle> orphans = new TreeMap<>();
		pids(runDirectory).forEach((name, pid) -> ProcessHandle.of(pid)
			.filter((process) -> process.info().commandLine().orElse("").contains(directory))
			.ifPresent((process) -> orphans.put(name, process)));
		List<ProcessHandle> processes = List.copyOf(orphans.values());
		processes.forEach((process) -> SystemCommand.send("INT", process.pid()));
		end(processes);
		pidFiles(runDirectory).forEach((file) -> Uncheck.run(() -> Files.deleteIfExists(file.toPath())));
		return List.copyOf(orphans.keySet());
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

	/** The process ids in the pid files of a directory, by name of the part. */
	public static Map<String, Long> pids(Path directory) {
		Map<String, Long> pids = new TreeMap<>();
		for (File file : pidFiles(directory)) {
			try {
				String pid = Files.readString(file.toPath()).strip();
				if (pid.matches("\\d{1,9}")) {
					pids.put(FilenameUtils.getBaseName(file.getName()), Long.valueOf(pid));
				}
			}
			catch (IOException _) {
				// The part has stopped meanwhile.
			}
		}
		return pids;
	}

	private static Collection<File> pidFiles(Path directory) {
		return Files.isDirectory(directory) ? FileUtils.listFiles(directory.toFile(), new String[] { "pid" }, false)
				: List.of();
	}

	/** The processes with this working directory; none on a system without /proc. */
	static List<ProcessHandle> processesIn(Path directory) throws IOException {
		// /proc shows the path with all symbolic links resolved.
		Path real = directory.toRealPath();
		return ProcessHandle.allProcesses()
			.filter((process) -> target(Path.of("/proc", Long.toString(process.pid()), "cwd")).equals(real))
			.toList();
	}

	/** Where a symbolic link leads to, or the link itself if it cannot be read. */
	static Path target(Path link) {
		try {
			return Files.readSymbolicLink(link);
		}
		catch (IOException ex) {
			return link;
		}
	}

}
