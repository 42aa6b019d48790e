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
 * A connection on which anything may be sent: HTTP clients are too polite for attacks.
 */
final class Wire implements AutoCloseable {

	/** No answer may take longer, whatever is asked. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Socket socket;

	private final InputStream in;

	private Wire(Socket socket) throws IOException {
		this.socket = socket;
		this.in = new java.io.BufferedInputStream(socket.getInputStream());
	}

	/**
	 * Connects.
	 * @param from the loopback address to come from, or null for any
	 */
	static Wire to(URI server, @Nullable String from) throws IOException {
		Socket socket = new Socket();
		if (from != null) {
			socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
		}
		socket.connect(new InetSocketAddress("127.0.0.1", server.getPort()), (int) PATIENCE.toMillis());
		socket.setTcpNoDelay(true);
		return new Wire(socket);
	}

	/** A loopback address that nobody has come from in the last quarter of an hour. */
	static String newAddress() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + "." + random.nextInt(1, 255);
	}

	/** Sends one request on a connection of its own and reads the answer to it. */
	static Answer ask(URI server, Request request, @Nullable String from) {
		try (Wire wire = to(server, from)) {
			Thread writer = Thread.ofVirtual().start(() -> wire.sendUntilRefused(request.bytes(server)));
			Answer answer = wire.read(request.method(), PATIENCE);
			wire.socket.close();
			writer.join();
			return answer;
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
	 * Sends bytes as they are, and reads answers until the server closes the connection
	 * or is silent for a second after an answer.
	 */
	static List<Answer> talk(URI server, String bytes) {
		try (Wire wire = to(server, null)) {
			wire.sendUntilRefused(bytes.replace("{host}", server.getAuthority()).getBytes(StandardCharsets.ISO_8859_1));
			List<Answer> answers = new ArrayList<>();
			Answer answer = wire.read("GET", PATIENCE);
			while (answer != Answer.NONE) {
				answers.add(answer);
				answer = wire.read("GET", Duration.ofSeconds(1));
			}
			return answers;
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

	/** A server may answer and close before it has read everything. */
	void sendUntilRefused(byte[] bytes) {
		try {
			send(bytes);
		}
		catch (IOException _) {
			// what the server says of it is still to be read
		}
	}

	/**
	 * Reads one answer; {@link Answer#NONE} if the connection is closed or silent before
	 * it begins. An answer that begins must become complete. One without a head, as
	 * HTTP/0.9 has it, gets the status that its body names.
	 */
	Answer read(String method, Duration atMost) throws IOException {
		this.socket.setSoTimeout((int) atMost.toMillis());
		List<String> head;
		int status;
		do {
			head = head();
			if (head.isEmpty()) {
				return Answer.NONE;
			}
			if (!head.getFirst().startsWith("HTTP/")) {
				Answer bare = new Answer(0, List.of(), head.getFirst());
				return new Answer(bare.json().path("status").asInt(0), List.of(), bare.body());
			}
			status = Integer.parseInt(head.getFirst().split(" ", 3)[1]);
		}
		while (status < 200);
		Answer bodiless = new Answer(status, head.subList(1, head.size()), "");
		boolean empty = method.equals("HEAD") || status == 204 || status == 304;
		return empty ? bodiless
				: new Answer(status, bodiless.head(), new String(body(bodiless), StandardCharsets.UTF_8));
	}

	/**
	 * Waits for the server to close the connection, with an answer or without, and fails
	 * if it does not.
	 */
	Answer readToTheEnd(Duration atMost) throws IOException {
		this.socket.setSoTimeout((int) atMost.toMillis());
		this.in.mark(1);
		try {
			if (this.in.read() < 0) {
				return Answer.NONE;
			}
		}
		catch (java.net.SocketException _) {
			return Answer.NONE;
		}
		this.in.reset();
		return read("GET", atMost);
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
			// reset: the server has closed what it did not read to the end
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

	private byte[] body(Answer head) throws IOException {
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
			throw new IOException("The answer ends in the middle");
		}
		return Integer.parseInt(size.replaceFirst(";.*", "").strip(), 16);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
