package dev.sagamart.local;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;

/** Finds the process that listens on a port. */
final class PortOwner {

	private static final String LISTENING = "0A";

	private static final int MAX_SHOWN = 100;

	private static final int FIRST_UNPRIVILEGED = 1024;

	private PortOwner() {
	}

	/** Describes why the port cannot be used now, or null if it is free. */
	static @Nullable String problem(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (IOException ex) {
			return problem(port, ex);
		}
		return Ports.answers(port) ? "is used by " + describe(port) : null;
	}

	static String problem(int port, IOException failure) {
		String message = String.valueOf(failure.getMessage());
		if (message.contains("in use") || Ports.answers(port)) {
			return "is used by " + describe(port);
		}
		return "cannot be used: " + message + ((port < FIRST_UNPRIVILEGED)
				? " (ports below " + FIRST_UNPRIVILEGED + " need root on most systems)" : "");
	}

	/** Describes the owner: {@code process 4711 (java -jar other.jar)}. */
	static String describe(int port) {
		return find(port).map(PortOwner::describe).orElse("a process of another user");
	}

	private static String describe(ProcessHandle owner) {
		String shown = StringUtils.abbreviate(owner.info().commandLine().orElse(""), "…", MAX_SHOWN);
		return "process " + owner.pid() + (shown.isEmpty() ? "" : " (" + shown + ")");
	}

	/** The process, if it is visible to this user. */
	static Optional<ProcessHandle> find(int port) {
		Set<String> sockets = sockets(port, List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")));
		Optional<ProcessHandle> owner = sockets.isEmpty() ? Optional.empty()
				: ProcessHandle.allProcesses().filter((process) -> has(process, sockets)).findFirst();
		return owner.or(() -> {
			String pids = SystemCommand.run(List.of("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN"));
			return Optional.ofNullable(pids)
				.flatMap((lines) -> lines.lines().findFirst())
				.flatMap((pid) -> ProcessHandle.of(Long.parseLong(pid.strip())));
		});
	}

	static Set<String> sockets(int port, List<Path> tables) {
		String suffix = ":%04X".formatted(port);
		Set<String> inodes = new HashSet<>();
		// A machine without IPv6 has no second table, and a Mac has none.
		for (Path table : tables.stream().filter(Files::isReadable).toList()) {
			try (Stream<String> lines = Files.lines(table)) {
				lines.map((line) -> line.strip().split("\\s+"))
					.filter((columns) -> columns.length > 9 && columns[1].endsWith(suffix)
							&& columns[3].equals(LISTENING))
					.forEach((columns) -> inodes.add("socket:[" + columns[9] + "]"));
			}
			catch (IOException ex) {
				return Set.of();
			}
		}
		return inodes;
	}

	private static boolean has(ProcessHandle process, Set<String> sockets) {
		File[] descriptors = new File("/proc/" + process.pid() + "/fd").listFiles();
		return descriptors != null && Stream.of(descriptors)
			.anyMatch((descriptor) -> sockets.contains(Orphans.target(descriptor.toPath()).toString()));
	}

}
