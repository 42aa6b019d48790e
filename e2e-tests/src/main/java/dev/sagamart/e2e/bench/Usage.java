package dev.sagamart.e2e.bench;

import dev.sagamart.local.PartName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each part of the platform has used so far, with the processes that it started,
 * read from {@code /proc}. Empty where there is none.
 *
 * @param parts by name, as in the pid files, and {@code benchmark} for ourselves
 */
record Usage(Map<String, Part> parts) {

	private static final double TICKS_PER_SECOND = 100;

	private static final long PAGE = 4096;

	/** Processor time, user and system, and resident memory. */
	record Part(double cpuSeconds, long residentBytes) {

		private Part plus(Part other) {
			return new Part(this.cpuSeconds + other.cpuSeconds, this.residentBytes + other.residentBytes);
		}

	}

	/** Reads the usage of every part that has a pid file in the directory. */
	static Usage now(Path pidFiles) {
		Map<String, Part> parts = new TreeMap<>();
		List<Stat> processes = processes();
		pids(pidFiles).forEach((name, pid) -> {
			Part sum = new Part(0, 0);
			for (Stat process : processes) {
				if (process.pid == pid) {
					sum = sum.plus(process.usage);
				}
				else if (process.parent == pid) {
					sum = sum.plus(new Part(process.usage.cpuSeconds, ownMemory(process.pid)));
				}
			}
			if (sum.residentBytes > 0) {
				parts.put(name, sum);
			}
		});
		long own = ProcessHandle.current().pid();
		processes.stream()
			.filter((process) -> process.pid == own)
			.forEach((process) -> parts.put("benchmark", process.usage));
		return new Usage(parts);
	}

	/** Processor seconds of each part since an earlier reading. */
	Map<String, Double> cpuSince(Usage before) {
		Map<String, Double> used = new LinkedHashMap<>();
		this.parts.forEach((name, part) -> {
			Part earlier = before.parts.getOrDefault(name, new Part(0, 0));
			used.put(name, Math.max(0, part.cpuSeconds - earlier.cpuSeconds));
		});
		return used;
	}

	/** How the JVMs of the services compile, from their command lines, in words. */
	static String compilation(Path pidFiles) {
		Set<String> seen = new TreeSet<>();
		pids(pidFiles).forEach((name, pid) -> {
			String commandLine = PartName.SERVICES.stream().anyMatch((service) -> service.text().equals(name))
					? commandLine(pid) : "";
			if (!commandLine.isEmpty()) {
				seen.add(commandLine.contains("-XX:TieredStopAtLevel=1") ? "quickly, as with ./run-local --quick-start"
						: "for hours of load, as with ./run-local --tuned");
			}
		});
		return "The services' JVMs compile "
				+ (seen.isEmpty() ? "in a way that is not known" : String.join(" and ", seen)) + ".";
	}

	private static String commandLine(long pid) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return "";
		}
	}

	/** The processes of the parts by name. */
	static Map<String, Long> pids(Path directory) {
		Map<String, Long> pids = new TreeMap<>();
		if (!Files.isDirectory(directory)) {
			return pids;
		}
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".pid")).toList()) {
				String pid = Files.readString(file).strip();
				if (pid.matches("\\d+")) {
					pids.put(file.getFileName().toString().replace(".pid", ""), Long.valueOf(pid));
				}
			}
		}
		catch (IOException ex) {
			return pids;
		}
		return pids;
	}

	private static List<Stat> processes() {
		List<Stat> stats = new ArrayList<>();
		try (Stream<Path> files = Files.list(Path.of("/proc"))) {
			for (Path file : files.filter((path) -> path.getFileName().toString().matches("\\d+")).toList()) {
				Stat stat = stat(file.resolve("stat"));
				if (stat != null) {
					stats.add(stat);
				}
			}
		}
		catch (IOException ex) {
			return List.of();
		}
		return stats;
	}

	/**
	 * The fields after the command, which may hold blanks and brackets; null if the
	 * process is gone.
	 */
	private static @Nullable Stat stat(Path file) {
		try {
			String line = Files.readString(file);
			String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
			double ticks = 0;
			for (int field = 11; field <= 14; field++) {
				ticks += Long.parseLong(fields[field]);
			}
			return new Stat(Long.parseLong(line.substring(0, line.indexOf(' '))), Long.parseLong(fields[1]),
					new Part(ticks / TICKS_PER_SECOND, Long.parseLong(fields[21]) * PAGE));
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * What a child has for itself: the memory that it shares is counted with its parent.
	 */
	private static long ownMemory(long pid) {
		try {
			String[] pages = Files.readString(Path.of("/proc", Long.toString(pid), "statm")).split(" ", -1);
			return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE;
		}
		catch (IOException ex) {
			return 0;
		}
	}

	private record Stat(long pid, long parent, Part usage) {
	}

}
