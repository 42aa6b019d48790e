package dev.sagamart.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A fake service behind the gateway: it records its requests and responds as the test
 * configures.
 */
public final class Upstream implements AutoCloseable {

	private final HttpServer server;

	private final List<Seen> seen = new CopyOnWriteArrayList<>();

	private volatile HttpHandler handler;

	private final String name;

	/**
	 * A received request, with header names in lower case, one character per byte of the
	 * body, and the subject of the client certificate.
	 */
	public record Seen(String method, String path, Map<String, List<String>> headers, String body,
			@Nullable String client) {

		public List<String> header(String name) {
			return this.headers.getOrDefault(name, List.of());
		}

		/** The size of the body in bytes. */
		public int bodyLength() {
			return this.body.length();
		}

	}

	public Upstream(String name) {
		this(name, "127.0.0.1", null);
	}

	/** With TLS, it requires a client certificate that it trusts. */
	public Upstream(String name, String host, @Nullable SSLContext tls) {
		this.name = name;
		this.handler = this::answerName;
		InetSocketAddress address = new InetSocketAddress(host, 0);
		try {
			this.server = (tls != null) ? HttpsServer.create(address, 200) : HttpServer.create(address, 200);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (tls != null) {
			((HttpsServer) this.server).setHttpsConfigurator(requiringClientCertificates(tls));
		}
		this.server.createContext("/", this::handle);
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.start();
	}

	private static HttpsConfigurator requiringClientCertificates(SSLContext tls) {
		return new HttpsConfigurator(tls) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters demanding = tls.getDefaultSSLParameters();
				demanding.setNeedClientAuth(true);
				parameters.setSSLParameters(demanding);
			}

		};
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
			Map<String, List<String>> headers = new TreeMap<>();
			exchange.getRequestHeaders().forEach((key, value) -> headers.put(key.toLowerCase(), List.copyOf(value)));
			this.seen.add(new Seen(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body,
					client(exchange)));
			this.handler.handle(exchange);
		}
	}

	private static @Nullable String client(HttpExchange exchange) throws IOException {
		return (exchange instanceof HttpsExchange https) ? https.getSSLSession().getPeerPrincipal().getName() : null;
	}

	private void answerName(HttpExchange exchange) throws IOException {
		answer(exchange, 200, this.name);
	}

	public static void answer(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		if (exchange.getRequestMethod().equals("HEAD")) {
			exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
			exchange.sendResponseHeaders(status, -1);
			return;
		}
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
		InetSocketAddress address = this.server.getAddress();
		String scheme = (this.server instanceof HttpsServer) ? "https" : "http";
		return scheme + "://" + address.getAddress().getHostAddress() + ":" + address.getPort();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
