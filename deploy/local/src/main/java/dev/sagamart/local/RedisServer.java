package dev.sagamart.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A Redis without persistence, as the platform uses it for caches and rate limits only.
 */
public final class RedisServer extends Part {

	private static final int PATIENCE_MILLIS = 500;

	public RedisServer(Place place) {
		super("redis", place);
	}

	@Override
	protected ChildProcess launch() {
		// Without the process title its command line stays readable, which is how an
		// orphan is known.
		return ChildProcess.start(
				List.of(Binaries.redis().toString(), "--port", Integer.toString(port()), "--bind", "127.0.0.1", "--dir",
						place().data().toString(), "--save", "", "--appendonly", "no", "--maxmemory", "128mb",
						"--maxmemory-policy", "allkeys-lru", "--daemonize", "no", "--set-proc-title", "no"),
				Map.of(), place());
	}

	@Override
	public boolean isReady() {
		return answers("127.0.0.1", port());
	}

	/** Whether a server answers there. */
	public static boolean answers(String host, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
			socket.setSoTimeout(PATIENCE_MILLIS);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
