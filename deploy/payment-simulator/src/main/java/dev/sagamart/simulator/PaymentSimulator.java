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
 * A running simulator. What it answered is on disk before the answer leaves, so that a
 * killed simulator started again on the same directory knows all of it, idempotency keys
 * included.
 */
public final class PaymentSimulator implements AutoCloseable {

	static {
		// Without it every answer on a kept-alive connection waits for a delayed
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

	/** Starts on a free port of the loopback interface. */
	public static PaymentSimulator start(Path dataDirectory) throws IOException {
		return start("127.0.0.1", 0, dataDirectory);
	}

	/**
	 * Starts and listens.
	 * @param port zero for any free one
	 * @param dataDirectory where the books are kept; made if it is not there
	 */
	public static PaymentSimulator start(String host, int port, Path dataDirectory) throws IOException {
		return start(host, port, dataDirectory, InstantSource.system(), (simulator) -> {
		});
	}

	/** Starts; the first call is answered when all is set up. */
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
	 * Posts every event from now on there, and those that still wait for it.
	 * @param secret the key of the signature
	 */
	public void sendWebhooks(URI url, String secret) {
		this.webhooks.sendTo(url, secret);
	}

	/** Posts no events from now on. */
	public void sendNoWebhooks() {
		this.webhooks.sendNone();
	}

	/** Accepts no other key than this from now on, any if it is {@code null}. */
	public void requireKey(@Nullable String apiKey) {
		this.api.requireKey(apiKey);
	}

	/**
	 * Switches faults over HTTP from now on only for who has this token. If it is
	 * {@code null}, anybody can as long as it listens on a loopback address, and nobody
	 * if it does not.
	 */
	public void requireFaultsToken(@Nullable String token) {
		this.api.requireFaultsToken(token);
	}

	/** Loses all intents, refunds, events and answers at once. */
	public void forgetBooks() throws InterruptedException {
		this.books.forget();
	}

	/** The base URL, without a slash at its end. */
	public URI url() {
		InetSocketAddress address = this.server.getAddress();
		return URI.create("http://" + address.getHostString() + ":" + address.getPort());
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	/** Switches that make all calls fail or slow. */
	public Faults faults() {
		return this.faults;
	}

	/** Stops at once; calls under way are cut off. */
	@Override
	public void close() {
		this.server.stop(0);
		this.webhooks.close();
		this.requests.shutdownNow();
		this.books.close();
	}

}
