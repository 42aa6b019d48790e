package dev.sagamart.e2e.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A connection for any bytes, because HTTP clients refuse to send invalid requests.
 */
final class RawConnection implements AutoCloseable {

	/** The longest time of any response. */
	static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Socket socket;

	private final InputStream in;

	private RawConnection(Socket socket) throws IOException {
		this.socket = socket;
		this.in = new java.io.BufferedInputStream(socket.getInputStream());
	}

	/**
	 * Connects.
	 * @param from the loopback address of the client, or null for any
	 */
	static RawConnection to(URI server, @Nullable String from) throws IOException {
		Socket socket = new Socket();
		if (from != null) {
			socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
		}
		socket.connect(new InetSocketAddress("127.0.0.1", server.getPort()), (int) TIMEOUT.toMillis());
		socket.setTcpNoDelay(true);
		return new RawConnection(socket);
	}

	/** A random loopback address, which has no failed log-ins yet. */
	static String newAddress() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + "." + random.nextInt(1, 255);
	}

	/** Sends a request on a new connection and reads the response. */
	static Response exchange(URI server, Request request, @Nullable String from) {
		try (RawConnection connection = to(server, from)) {
			Thread writer = Thread.ofVirtual().start(() -> connection.sendUntilRefused(request.bytes(server)));
			Response response = connection.read(request.method(), TIMEOUT);
			connection.socket.close();
			writer.join();
			return response;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sends bytes and reads responses until the server closes the connection or sends
	 * nothing for a second.
	 */
	static List<Response> exchangeAll(URI server, String bytes) {
		try (RawConnection connection = to(server, null)) {
			connection
				.sendUntilRefused(bytes.replace("{host}", server.getAuthority()).getBytes(StandardCharsets.ISO_8859_1));
			List<Response> responses = new ArrayList<>();
			Response response = connection.read("GET", TIMEOUT);
			while (response != Response.NONE) {
				responses.add(response);
				response = connection.read("GET", Duration.ofSeconds(1));
			}
			return responses;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void send(byte[] bytes) throws IOException {
		OutputStream out = this.socket.getOutputStream();
		out.write(bytes);
		out.flush();
	}

	/** Sends bytes; the server may close the connection before it has read everything. */
	void sendUntilRefused(byte[] bytes) {
		try {
			send(bytes);
		}
		catch (IOException _) {
			// The response can still be read.
		}
	}

	/**
	 * Reads one response, or returns {@link Response#NONE} if the server closes the
	 * connection or sends nothing. An incomplete response is an error. A response without
	 * a head (HTTP/0.9) gets the status in its body.
	 */
	Response read(String method, Duration timeout) throws IOException {
		this.socket.setSoTimeout((int) timeout.toMillis());
		List<String> head;
		int status;
		do {
			head = head();
			if (head.isEmpty()) {
				return Response.NONE;
			}
			if (!head.getFirst().startsWith("HTTP/")) {
				Response bare = new Response(0, List.of(), head.getFirst());
				return new Response(bare.json().path("status").asInt(0), List.of(), bare.body());
			}
			status = Integer.parseInt(head.getFirst().split(" ", 3)[1]);
		}
		while (status < 200);
		Response bodiless = new Response(status, head.subList(1, head.size()), "");
		boolean empty = method.equals("HEAD") || status == 204 || status == 304;
		return empty ? bodiless
				: new Response(status, bodiless.head(), new String(body(bodiless), StandardCharsets.UTF_8));
	}

	/**
	 * Waits until the server closes the connection, with or without a response; fails if
	 * it does not.
	 */
	Response readUntilClosed(Duration timeout) throws IOException {
		this.socket.setSoTimeout((int) timeout.toMillis());
		this.in.mark(1);
		try {
			if (this.in.read() < 0) {
				return Response.NONE;
			}
		}
		catch (java.net.SocketException _) {
			return Response.NONE;
		}
		this.in.reset();
		return read("GET", timeout);
	}

	private List<String> head() throws IOException {
		List<String> lines = new ArrayList<>();
		try {
			for (String line = line(); line != null && !line.isEmpty(); line = line()) {
				lines.add(line);
			}
		}
		catch (SocketTimeoutException ex) {
			if (!lines.isEmpty()) {
				throw ex;
			}
		}
		catch (java.net.SocketException ex) {
			// The server has reset the connection, because it did not read the whole
			// request.
			return List.of();
		}
		return lines;
	}

	private @Nullable String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int next = this.in.read();
		if (next < 0) {
			return null;
		}
		while (next >= 0 && next != '\n') {
			line.write(next);
			next = this.in.read();
		}
		return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
	}

	private byte[] body(Response head) throws IOException {
		if (head.header("Transfer-Encoding").toLowerCase(Locale.ROOT).equals("chunked")) {
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			for (int size = chunkSize(); size > 0; size = chunkSize()) {
				body.write(this.in.readNBytes(size));
				line();
			}
			line();
			return body.toByteArray();
		}
		String length = head.header("Content-Length");
		return length.isEmpty() ? this.in.readAllBytes() : this.in.readNBytes(Integer.parseInt(length));
	}

	private int chunkSize() throws IOException {
		String size = line();
		if (size == null) {
			throw new IOException("The response is incomplete");
		}
		return Integer.parseInt(size.replaceFirst(";.*", "").strip(), 16);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
