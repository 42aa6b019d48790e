package dev.sagamart.e2e.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A minimal HTTP/1.1 connection: one request at a time, responses with a length or in
 * chunks.
 */
final class HttpConnection implements Closeable {

	private static final int ADDRESSES = 16;

	private static final int FIRST_FINAL_STATUS = 200;

	/**
	 * Reconnects after this time, because the gateway closes idle connections after a
	 * minute.
	 */
	private static final Duration MAX_IDLE = Duration.ofSeconds(30);

	private final InetSocketAddress server;

	private final InetSocketAddress localAddress;

	private final Duration timeout;

	private Socket socket = new Socket();

	private InputStream in = InputStream.nullInputStream();

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

	/** A response; {@code last} means that the server closes the connection after it. */
	record Response(int status, String body, boolean last) {
	}

	/**
	 * Sends a request and waits for its response. Reconnects before the request if the
	 * connection was lost or closed.
	 * @param request the complete request as it is sent
	 */
	Response exchange(String request) throws IOException {
		if (this.socket.isClosed() || System.nanoTime() - this.lastUsed > MAX_IDLE.toNanos()) {
			close();
			open();
		}
		boolean open = false;
		try {
			this.socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			Response response = readResponse(this.in);
			open = !response.last();
			this.lastUsed = System.nanoTime();
			return response;
		}
		finally {
			if (!open) {
				close();
			}
		}
	}

	private void open() throws IOException {
		this.socket = new Socket();
		try {
			this.socket.bind(this.localAddress);
		}
		catch (SocketException _) {
			this.socket.bind(null);
		}
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout((int) this.timeout.toMillis());
		this.socket.connect(this.server);
		this.in = new BufferedInputStream(this.socket.getInputStream(), 16 * 1024);
		this.lastUsed = System.nanoTime();
	}

	static Response readResponse(InputStream in) throws IOException {
		int status = Integer.parseInt(line(in).substring(9, 12));
		int length = 0;
		boolean chunked = false;
		boolean last = false;
		for (String header = line(in); !header.isEmpty(); header = line(in)) {
			int colon = header.indexOf(':');
			String value = header.substring(colon + 1).strip();
			switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
				case "content-length" -> length = Integer.parseInt(value);
				case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
				case "connection" -> last = value.equalsIgnoreCase("close");
				default -> {
				}
			}
		}
		if (status < FIRST_FINAL_STATUS) {
			return readResponse(in);
		}
		byte[] body = chunked ? chunks(in) : bytes(in, length);
		return new Response(status, new String(body, StandardCharsets.UTF_8), last);
	}

	private static byte[] chunks(InputStream in) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		int length;
		do {
			length = Integer.parseInt(line(in).replaceFirst(";.*", "").strip(), 16);
			body.writeBytes(bytes(in, length));
			line(in);
		}
		while (length > 0);
		return body.toByteArray();
	}

	private static byte[] bytes(InputStream in, int length) throws IOException {
		byte[] bytes = in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException();
		}
		return bytes;
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int letter = in.read(); letter != '\n'; letter = in.read()) {
			if (letter < 0) {
				throw new EOFException();
			}
			line.append((char) letter);
		}
		return line.toString().strip();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
