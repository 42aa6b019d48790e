package dev.sagamart.local;

import java.io.DataInputStream;
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
import org.apache.commons.io.function.IOPredicate;
import org.jspecify.annotations.Nullable;

/** TCP ports of this machine. */
public final class Ports {

	private static final int TIMEOUT_MILLIS = 1000;

	private static final int RANGE = 10_000;

	private static final int DEFAULT_FIRST_EPHEMERAL = 32_768;

	private static final int FIRST_EPHEMERAL = firstEphemeral(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));

	/**
	 * A lock file with a byte for each port, which the process that reserved the port
	 * locks. All processes of a user share it. The system releases the locks when a
	 * process ends.
	 */
	private static final @Nullable FileChannel RESERVATIONS = openReservations(
			Path.of(System.getProperty("java.io.tmpdir"), "sagamart-ports-" + System.getProperty("user.name")));

	private Ports() {
	}

	/**
	 * Reserves a port that is not in use for the life of this process: its user may bind
	 * it much later. It is below the ephemeral range, so that the system does not assign
	 * it to an outgoing connection meanwhile.
	 */
	public static int free() {
		int port;
		do {
			port = ThreadLocalRandom.current().nextInt(FIRST_EPHEMERAL - RANGE, FIRST_EPHEMERAL);
		}
		while (!isFree(port) || !reserve(port));
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

	/** Reserves a port for the life of this process; false if it is reserved. */
	static boolean reserve(int port) {
		try {
			return RESERVATIONS == null || RESERVATIONS.tryLock(port, 1, false) != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
		catch (IOException ex) {
			// Without file locks, a collision of random ports is unlikely enough.
			return true;
		}
	}

	private static @Nullable FileChannel openReservations(Path file) {
		try {
			return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/** The lowest port that the system assigns by itself. */
	static int firstEphemeral(Path range) {
		try {
			int first = Integer.parseInt(Files.readString(range).strip().split("\\s+", 2)[0]);
			// Without enough ports below the range, use the default.
			return (first >= RANGE + 1024) ? first : DEFAULT_FIRST_EPHEMERAL;
		}
		catch (IOException | NumberFormatException ex) {
			return DEFAULT_FIRST_EPHEMERAL;
		}
	}

	public static boolean answers(int port) {
		return answers("127.0.0.1", port, new byte[0], (_) -> true);
	}

	/** Sends a request and returns whether the answer is as expected. */
	static boolean answers(String host, int port, byte[] request, IOPredicate<DataInputStream> expected) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.getOutputStream().write(request);
			return expected.test(new DataInputStream(socket.getInputStream()));
		}
		catch (IOException ex) {
			return false;
		}
	}

}
