package dev.sagamart.e2e.attack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of the attacker that no service may call. It answers every request with the
 * attacker's keys.
 */
final class AttackerServer implements AutoCloseable {

	private final HttpServer server;

	private final List<String> requestedPaths = new CopyOnWriteArrayList<>();

	private AttackerServer(HttpServer server) {
		this.server = server;
	}

	static AttackerServer start(String keys) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		AttackerServer attackerServer = new AttackerServer(server);
		byte[] body = keys.getBytes(StandardCharsets.UTF_8);
		server.createContext("/", (exchange) -> {
			attackerServer.requestedPaths.add(exchange.getRequestURI().toString());
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		return attackerServer;
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	/** The requested paths; must be empty. */
	List<String> requestedPaths() {
		return List.copyOf(this.requestedPaths);
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
