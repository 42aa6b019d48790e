package dev.sagamart.local;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A Redis without persistence, because the platform uses it only for caches and rate
 * limits.
 */
public final class RedisServer extends Part {

	public RedisServer(Place place) {
		super(place);
	}

	@Override
	protected List<String> command() {
		// With a process title, Orphans could not find our directory in the command line.
		return List.of(Binaries.redis(Binaries.cache()).toString(), "--port", Integer.toString(port()), "--bind",
				"127.0.0.1", "--dir", place().data().toString(), "--save", "", "--appendonly", "no", "--maxmemory",
				"128mb", "--maxmemory-policy", "allkeys-lru", "--daemonize", "no", "--set-proc-title", "no");
	}

	@Override
	public boolean isReady() {
		return answers("127.0.0.1", port());
	}

	public static boolean answers(String host, int port) {
		return Ports.answers(host, port, "PING\r\n".getBytes(StandardCharsets.US_ASCII),
				(in) -> new String(in.readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG"));
	}

}
