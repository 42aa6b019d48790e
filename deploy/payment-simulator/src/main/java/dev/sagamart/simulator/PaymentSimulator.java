package dev.sagamart.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running simulator. It writes each result to the disk before it sends the reply. After
 * a crash and a restart with the same directory, it still has all results and idempotency
 * keys.
 */
public final class PaymentSimulator implements AutoCloseable {

	static {
		// Without it, every reply on a keep-alive connection waits for a delayed
		// acknowledgement.
		System.setProperty("sun.net.httpserver.nodelay", "true");
		System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
		System.setProperty("sun.net.httpserver.idleInterval", "300");
	}

	private final HttpServer server;

	private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

	private final Books books;

	private final Webhooks webhooks;

	private final Faults faults = new Faults();

	private final StripeApi api;

	private PaymentSimulator(HttpServer server, Books books) {
		this.server = server;
		this.books = books;
		this.webhooks = new Webhooks(books);
		this.api = new StripeApi(books, this.faults, server.getAddress().getAddress().isLoopbackAddress());
		server.setExecutor(this.requests);
		server.createContext("/", this.api);
	}

	/** Starts on a free port of 127.0.0.1. */
	public static PaymentSimulator start(Path dataDirectory) throws IOException {
		return start("127.0.0.1", 0, dataDirectory);
	}

	/**
	 * Starts on an address.
	 * @param port the port, or zero for any free one
	 * @param dataDirectory the directory of the books, created if it is missing
	 */
	public static PaymentSimulator start(String host, int port, Path dataDirectory) throws IOException {
		return start(host, port, dataDirectory, InstantSource.system(), (simulator) -> {
		});
	}

	/** Starts; calls {@code setUp} before it accepts requests. */
	static PaymentSimulator start(String host, int port, Path dataDirectory, InstantSource clock,
			Consumer<PaymentSimulator> setUp) throws IOException {
		Books books = Books.open(dataDirectory, clock);
		try {
			PaymentSimulator simulator = new PaymentSimulator(
					HttpServer.create(new InetSocketAddress(host, port), 1024), books);
			setUp.accept(simulator);
			simulator.server.start();
			return simulator;
		}
		catch (IOException | RuntimeException ex) {
			books.close();
			throw ex;
		}
	}

	/**
	 * Sends all events to this URL from now on, including those that wait for delivery.
	 * @param secret the secret for the signature
	 */
	public void sendWebhooks(URI url, String secret) {
		this.webhooks.sendTo(url, secret);
	}

	public void sendNoWebhooks() {
		this.webhooks.sendNone();
	}

	/** Accepts only this API key from now on, or any if it is {@code null}. */
	public void requireKey(@Nullable String apiKey) {
		this.api.requireKey(apiKey);
	}

	/**
	 * Requires this token for switching faults over HTTP. If it is {@code null}, no token
	 * is needed on a loopback address, and all requests are refused on other addresses.
	 */
	public void requireFaultsToken(@Nullable String token) {
		this.api.requireFaultsToken(token);
	}

	/** Deletes all intents, refunds, events and stored results. */
	public void forgetBooks() throws InterruptedException {
		this.books.deleteEverything();
	}

	public URI url() {
		InetSocketAddress address = this.server.getAddress();
		return URI.create("http://" + address.getHostString() + ":" + address.getPort());
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	public Faults faults() {
		return this.faults;
	}

	/** Stops at once and closes all connections. */
	@Override
	public void close() {
		this.server.stop(0);
		this.webhooks.close();
		this.requests.shutdownNow();
		this.books.close();
	}

}
