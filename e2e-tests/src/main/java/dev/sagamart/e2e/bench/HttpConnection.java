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
 * A connection to a server that speaks as much of HTTP/1.1 as its answers to plain
 * requests need, a length or chunks, one request at a time.
 */
final class HttpConnection implements Closeable {

	private static final int ADDRESSES = 16;

	private static final int INTERIM = 200;

	/** The gateway closes what rests for a minute, and may just do so. */
	private static final Duration REST = Duration.ofSeconds(30);

	private final InetSocketAddress server;

	private final InetSocketAddress own;

	private final Duration patience;

	private Socket socket = new Socket();

	private InputStream in = InputStream.nullInputStream();

	private long used;

	/**
	 * Connects from one address after the other, as many customers come, who do not share
	 * one limit; from the usual one where this machine has no other.
	 * @param number which connection it is
	 * @param patience how long the server may say nothing after a request
	 */
	HttpConnection(InetSocketAddress server, int number, Duration patience) throws IOException {
		this.server = server;
		this.own = new InetSocketAddress("127.0.1." + (1 + number % ADDRESSES), 0);
		this.patience = patience;
		open();
	}

	/** An answer; {@code last} says that the server closes the connection after it. */
	record Response(int status, String body, boolean last) {
	}

	/**
	 * Sends a request and waits for its answer. A connection that was lost or closed is
	 * made anew for the next request.
	 * @param request the whole of it as it goes over the wire
	 */
	Response exchange(String request) throws IOException {
		if (this.socket.isClosed() || System.nanoTime() - this.used > REST.toNanos()) {
			close();
			open();
		}
		boolean open = false;
		try {
			this.socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			Response response = answer(this.in);
			open = !response.last();
			this.used = System.nanoTime();
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
			this.socket.bind(this.own);
		}
		catch (SocketException _) {
			this.socket.bind(null);
		}
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout((int) this.patience.toMillis());
		this.socket.connect(this.server);
		this.in = new BufferedInputStream(this.socket.getInputStream(), 16 * 1024);
		this.used = System.nanoTime();
	}

	static Response answer(InputStream in) throws IOException {
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
		if (status < INTERIM) {
			return answer(in);
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
