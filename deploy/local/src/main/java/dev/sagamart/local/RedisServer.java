package dev.sagamart.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A Redis without persistence, because the platform uses it only for caches and rate
 * limits.
 */
public final class RedisServer extends Part {

	private static final int TIMEOUT_MILLIS = 500;

	public RedisServer(Place place) {
		super(place);
	}

	@Override
	protected List<String> command() {
		// With a process title, Orphans could not find our directory in the command line.
		return List.of(Binaries.redis().toString(), "--port", Integer.toString(port()), "--bind", "127.0.0.1", "--dir",
				place().data().toString(), "--save", "", "--appendonly", "no", "--maxmemory", "128mb",
				"--maxmemory-policy", "allkeys-lru", "--daemonize", "no", "--set-proc-title", "no");
	}

	@Override
	public boolean isReady() {
		return answers("127.0.0.1", port());
	}

	public static boolean answers(String host, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
