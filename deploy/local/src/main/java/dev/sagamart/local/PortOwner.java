package dev.sagamart.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
		long pid = find(port);
		if (pid < 0) {
			return "a process of another user";
		}
		String commandLine = Orphans.commandLine(pid);
		if (commandLine == null || commandLine.isBlank()) {
			return "process " + pid;
		}
		String shown = commandLine.strip();
		return "process " + pid + " (" + ((shown.length() > MAX_SHOWN) ? shown.substring(0, MAX_SHOWN) + "…" : shown)
				+ ")";
	}

	/** The process id, or -1 if it is not visible to this user. */
	static long find(int port) {
		if (Files.isReadable(Path.of("/proc/net/tcp"))) {
			long pid = ownerOf(sockets(port, List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))));
			if (pid >= 0) {
				return pid;
			}
		}
		String pid = ChildProcess.run(List.of("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN"));
		return (pid != null && !pid.isBlank()) ? Long.parseLong(pid.strip().lines().findFirst().orElse("-1")) : -1;
	}

	static Set<String> sockets(int port, List<Path> tables) {
		String suffix = ":%04X".formatted(port);
		Set<String> inodes = new HashSet<>();
		// A machine without IPv6 has no second table.
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

	private static long ownerOf(Set<String> sockets) {
		if (sockets.isEmpty()) {
			return -1;
		}
		return ProcessHandle.allProcesses()
			.map(ProcessHandle::pid)
			.filter((pid) -> has(pid, sockets))
			.findFirst()
			.orElse(-1L);
	}

	private static boolean has(long pid, Set<String> sockets) {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
			return descriptors.map(PortOwner::target).anyMatch((target) -> target != null && sockets.contains(target));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static @Nullable String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return null;
		}
	}

}
