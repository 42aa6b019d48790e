package dev.sagamart.e2e.bench;

import dev.sagamart.local.Orphans;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The CPU time and memory of each part of the platform, including its child processes,
 * from {@code /proc}. Empty on systems without it.
 *
 * @param parts the usage by name of the pid file, and {@code benchmark} for this process
 */
record ProcessUsage(Map<String, Part> parts) {

	private static final double TICKS_PER_SECOND = 100;

	private static final long PAGE = 4096;

	/** CPU time (user and system) and resident memory. */
	record Part(double cpuSeconds, long residentBytes) {

		private Part plus(Part other) {
			return new Part(this.cpuSeconds + other.cpuSeconds, this.residentBytes + other.residentBytes);
		}

	}

	/** Reads the usage of every part with a pid file in the directory. */
	static ProcessUsage now(Path pidFiles) {
		Map<String, Part> parts = new TreeMap<>();
		Orphans.pids(pidFiles)
			.forEach((name, pid) -> parts.put(name,
					ProcessHandle.of(pid)
						.stream()
						.flatMap(ProcessHandle::children)
						.map((child) -> usageOf(child.pid(), true))
						.reduce(usageOf(pid, false), Part::plus)));
		parts.put("benchmark", usageOf(ProcessHandle.current().pid(), false));
		parts.values().removeIf((part) -> part.residentBytes == 0);
		return new ProcessUsage(parts);
	}

	Map<String, Double> cpuSince(ProcessUsage before) {
		Map<String, Double> used = new LinkedHashMap<>();
		this.parts.forEach((name, part) -> {
			Part earlier = before.parts.getOrDefault(name, new Part(0, 0));
			used.put(name, Math.max(0, part.cpuSeconds - earlier.cpuSeconds));
		});
		return used;
	}

	/**
	 * Describes how the JVMs of the services compile, according to their command lines.
	 */
	static String compilation(Path pidFiles) {
		Set<String> seen = new TreeSet<>();
		Orphans.pids(pidFiles).forEach((name, pid) -> {
			String commandLine = PartName.SERVICES.stream().anyMatch((service) -> service.text().equals(name))
					? ProcessHandle.of(pid).flatMap((process) -> process.info().commandLine()).orElse("") : "";
			if (!commandLine.isEmpty()) {
				seen.add(commandLine.contains("-XX:TieredStopAtLevel=1")
						? "for a fast start (./run-local --quick-start)" : "for long runs (./run-local --tuned)");
			}
		});
		return "The services' JVMs optimise " + (seen.isEmpty() ? "in an unknown way" : String.join(" and ", seen))
				+ ".";
	}

	/**
	 * The usage of a process, or zero if it has ended. Shared memory of a child is not
	 * counted, because its parent counts it.
	 */
	private static Part usageOf(long pid, boolean child) {
		try {
			// Skip the command, which may contain blanks and parentheses.
			String stat = read(pid, "stat");
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
			double ticks = Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum();
			String[] pages = read(pid, "statm").split(" ", -1);
			long resident = Long.parseLong(pages[1]) - (child ? Long.parseLong(pages[2]) : 0);
			return new Part(ticks / TICKS_PER_SECOND, resident * PAGE);
		}
		catch (IOException ex) {
			return new Part(0, 0);
		}
	}

	private static String read(long pid, String file) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
	}

}
