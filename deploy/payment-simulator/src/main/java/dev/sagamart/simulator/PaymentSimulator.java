package dev.sagamart.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

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

	private final ExecutorService requests;

	private final Books books;

	private final Faults faults;

	private PaymentSimulator(HttpServer server, ExecutorService requests, Books books, Faults faults) {
		this.server = server;
		this.requests = requests;
		this.books = books;
		this.faults = faults;
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
		Books books = Books.open(dataDirectory);
		try {
			Faults faults = new Faults();
			HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 1024);
			ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
			server.setExecutor(requests);
			server.createContext("/", new StripeApi(books, faults));
			server.start();
			return new PaymentSimulator(server, requests, books, faults);
		}
		catch (IOException | RuntimeException ex) {
			books.close();
			throw ex;
		}
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
		this.requests.shutdownNow();
		this.books.close();
	}

}
