package dev.sagamart.e2e.attack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of the attacker's, which nobody must be talked into calling. It answers all
 * with the attacker's keys.
 */
final class Trap implements AutoCloseable {

	private final HttpServer server;

	private final List<String> visits = new CopyOnWriteArrayList<>();

	private Trap(HttpServer server) {
		this.server = server;
	}

	static Trap set(String keys) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		Trap trap = new Trap(server);
		byte[] body = keys.getBytes(StandardCharsets.UTF_8);
		server.createContext("/", (exchange) -> {
			trap.visits.add(exchange.getRequestURI().toString());
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		return trap;
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	/** What was asked for, and should not have been. */
	List<String> visits() {
		return List.copyOf(this.visits);
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
