package dev.sagamart.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ports of this machine. */
public final class Ports {

	private static final int CONNECT_MILLIS = 500;

	private static final int CHOICE = 10_000;

	private static final int USUAL_END = 32_768;

	private static final int END = end(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));

	/**
	 * A byte for each port, locked by the process that was given it. Processes of one
	 * user share it; the system takes the locks back when one ends, however it ends.
	 */
	private static final @Nullable FileChannel GIVEN = given(
			Path.of(System.getProperty("java.io.tmpdir"), "sagamart-ports-" + System.getProperty("user.name")));

	private Ports() {
	}

	/**
	 * A port that nobody listens on at this moment, and that was not given before, to
	 * this process or another one that still runs: one that is given may be listened on
	 * only much later. Until then the system gives it to nobody, as it would one of those
	 * that it chooses from for whoever wants any, and for every outgoing connection.
	 */
	public static int free() {
		int port;
		do {
			port = ThreadLocalRandom.current().nextInt(END - CHOICE, END);
		}
		while (!isFree(port) || !take(port));
		return port;
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Takes a port for the life of this process, unless somebody has taken it before. */
	static boolean take(int port) {
		try {
			return GIVEN == null || GIVEN.tryLock(port, 1, false) != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
		catch (IOException ex) {
			// Where files cannot be locked, chance has to do.
			return true;
		}
	}

	private static @Nullable FileChannel given(Path file) {
		try {
			return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/** Where the system begins to choose by itself. */
	static int end(Path range) {
		try {
			int first = Integer.parseInt(Files.readString(range).strip().split("\\s+", 2)[0]);
			// Without room below, no choice is better than another.
			return (first >= CHOICE + 1024) ? first : USUAL_END;
		}
		catch (IOException | NumberFormatException ex) {
			return USUAL_END;
		}
	}

	/** Whether somebody listens on a port. */
	public static boolean answers(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
