package dev.sagamart.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

	private final @Nullable Webhooks webhooks;

	private final Faults faults = new Faults();

	private PaymentSimulator(Settings settings, Books books) throws IOException {
		this.books = books;
		this.server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 1024);
		this.server.setExecutor(this.requests);
		this.server.createContext("/", new StripeApi(books, new Queries(books), this.faults, settings));
		this.webhooks = (settings.webhookUrl() != null && settings.webhookSecret() != null)
				? new Webhooks(books, settings.webhookUrl(), settings.webhookSecret()) : null;
		this.server.start();
	}

	/** Starts on a free port of 127.0.0.1 and sends no webhooks. */
	public static PaymentSimulator start(Path dataDirectory) throws IOException {
		return start(new Settings("127.0.0.1", 0, dataDirectory, null, null, null, null), InstantSource.system());
	}

	static PaymentSimulator start(Settings settings, InstantSource clock) throws IOException {
		Books books = Books.open(settings.directory(), clock);
		try {
			return new PaymentSimulator(settings, books);
		}
		catch (IOException | RuntimeException ex) {
			books.close();
			throw ex;
		}
	}

	/** Where clients of this machine reach it. */
	public URI url() {
		InetSocketAddress address = this.server.getAddress();
		String host = address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString();
		return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	public Faults faults() {
		return this.faults;
	}

	/** Stops at once and closes all connections. */
	@Override
	public void close() {
		this.server.stop(0);
		if (this.webhooks != null) {
			this.webhooks.close();
		}
		this.requests.shutdownNow();
		this.books.close();
	}

}
