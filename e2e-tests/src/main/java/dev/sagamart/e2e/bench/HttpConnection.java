package dev.sagamart.e2e.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;

/** A keep-alive connection for one request at a time. */
final class HttpConnection implements Closeable {

	private static final int ADDRESSES = 16;

	/**
	 * Reconnects after this time, because the gateway closes idle connections after a
	 * minute.
	 */
	private static final Duration MAX_IDLE = Duration.ofSeconds(30);

	private static final HttpProcessor HEADERS = new DefaultHttpProcessor(RequestTargetHost.INSTANCE,
			RequestContent.INSTANCE);

	private final InetSocketAddress server;

	private final InetSocketAddress localAddress;

	private final Duration timeout;

	private final HttpRequestExecutor executor = new HttpRequestExecutor();

	private final DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(Http1Config.DEFAULT);

	private long lastUsed;

	/**
	 * Connects from different loopback addresses in turn, so that not all buyers share
	 * the rate limit of one address. If the machine has only one, uses that.
	 * @param number the number of the connection
	 * @param timeout how long the server may send nothing after a request
	 */
	HttpConnection(InetSocketAddress server, int number, Duration timeout) throws IOException {
		this.server = server;
		this.localAddress = new InetSocketAddress("127.0.1." + (1 + number % ADDRESSES), 0);
		this.timeout = timeout;
		open();
	}

	record Response(int status, String body) {
	}

	/**
	 * Sends a request and waits for its response. Reconnects before the request if the
	 * connection was lost or closed.
	 */
	Response exchange(ClassicHttpRequest request) throws IOException {
		if (!this.connection.isOpen() || System.nanoTime() - this.lastUsed > MAX_IDLE.toNanos()) {
			close();
			open();
		}
		HttpCoreContext context = HttpCoreContext.create();
		try {
			this.executor.preProcess(request, HEADERS, context);
			try (ClassicHttpResponse response = this.executor.execute(request, this.connection, context)) {
				String body = (response.getEntity() != null) ? EntityUtils.toString(response.getEntity()) : "";
				if (!this.executor.keepAlive(request, response, this.connection, context)) {
					close();
				}
				this.lastUsed = System.nanoTime();
				return new Response(response.getCode(), body);
			}
		}
		catch (HttpException ex) {
			throw new IOException(ex);
		}
	}

	private void open() throws IOException {
		Socket socket = new Socket();
		try {
			socket.bind(this.localAddress);
		}
		catch (SocketException _) {
			socket.bind(null);
		}
		socket.setTcpNoDelay(true);
		socket.setSoTimeout((int) this.timeout.toMillis());
		socket.connect(this.server);
		this.connection.bind(socket);
		this.lastUsed = System.nanoTime();
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
