package dev.sagamart.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A service behind the gateway: remembers what it got, answers as the test wants. */
public final class Upstream implements AutoCloseable {

	private final HttpServer server;

	private final List<Seen> seen = new CopyOnWriteArrayList<>();

	private volatile HttpHandler handler;

	private final String name;

	/** A request as it arrived; header names in lower case. */
	public record Seen(String method, String path, Map<String, List<String>> headers, int bodyLength) {

		public List<String> header(String name) {
			return this.headers.getOrDefault(name, List.of());
		}

	}

	public Upstream(String name) {
		this.name = name;
		this.handler = this::answerName;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::handle);
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.start();
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			int length = exchange.getRequestBody().readAllBytes().length;
			Map<String, List<String>> headers = new TreeMap<>();
			exchange.getRequestHeaders().forEach((key, value) -> headers.put(key.toLowerCase(), List.copyOf(value)));
			this.seen.add(new Seen(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, length));
			this.handler.handle(exchange);
		}
	}

	private void answerName(HttpExchange exchange) throws IOException {
		answer(exchange, 200, this.name);
	}

	public static void answer(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
	}

	public void answers(HttpHandler how) {
		this.handler = how;
	}

	public void reset() {
		this.handler = this::answerName;
		this.seen.clear();
	}

	public List<Seen> seen() {
		return List.copyOf(this.seen);
	}

	public Seen last() {
		return this.seen.getLast();
	}

	public String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
