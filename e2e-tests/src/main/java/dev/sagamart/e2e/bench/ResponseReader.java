package dev.sagamart.e2e.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 responses from the bytes of one connection, as much of the protocol as a
 * server's answers to plain requests need: a length or chunks.
 */
final class ResponseReader {

	private static final int INTERIM = 200;

	private byte[] buffer = new byte[16 * 1024];

	private int end;

	/** Where the body begins, or 0 while the head is not complete. */
	private int bodyStart;

	private int status;

	private boolean close;

	/** The length of the body, or -1 if it comes in chunks. */
	private int bodyLength;

	/** An answer; {@code last} says that the server closes the connection after it. */
	record Response(int status, ByteBuffer body, boolean last) {

		String text() {
			return StandardCharsets.UTF_8.decode(this.body.duplicate()).toString();
		}

	}

	/**
	 * Takes what arrived, and returns the answer once it is complete. One request is
	 * under way at a time, so nothing follows it.
	 */
	@Nullable Response read(ByteBuffer arrived) {
		int length = arrived.remaining();
		if (this.end + length > this.buffer.length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.buffer.length * 2, this.end + length));
		}
		arrived.get(this.buffer, this.end, length);
		this.end += length;
		while (this.bodyStart == 0) {
			int headEnd = endOfHead();
			if (headEnd < 0) {
				return null;
			}
			readHead(headEnd);
		}
		byte[] body = (this.bodyLength >= 0) ? plainBody() : chunkedBody();
		if (body == null) {
			return null;
		}
		Response response = new Response(this.status, ByteBuffer.wrap(body), this.close);
		this.end = 0;
		this.bodyStart = 0;
		return response;
	}

	private int endOfHead() {
		for (int i = 3; i < this.end; i++) {
			if (this.buffer[i] == '\n' && this.buffer[i - 1] == '\r' && this.buffer[i - 2] == '\n'
					&& this.buffer[i - 3] == '\r') {
				return i + 1;
			}
		}
		return -1;
	}

	private void readHead(int headEnd) {
		List<String> lines = new String(this.buffer, 0, headEnd, StandardCharsets.ISO_8859_1).lines().toList();
		this.status = Integer.parseInt(lines.getFirst().substring(9, 12));
		if (this.status < INTERIM) {
			System.arraycopy(this.buffer, headEnd, this.buffer, 0, this.end - headEnd);
			this.end -= headEnd;
			return;
		}
		this.bodyStart = headEnd;
		this.bodyLength = 0;
		this.close = false;
		for (String line : lines.subList(1, lines.size() - 1)) {
			int colon = line.indexOf(':');
			String value = line.substring(colon + 1).strip();
			switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
				case "content-length" -> this.bodyLength = Integer.parseInt(value);
				case "transfer-encoding" -> this.bodyLength = value.equalsIgnoreCase("chunked") ? -1 : 0;
				case "connection" -> this.close = value.equalsIgnoreCase("close");
				default -> {
				}
			}
		}
	}

	private byte @Nullable [] plainBody() {
		return (this.end - this.bodyStart < this.bodyLength) ? null
				: Arrays.copyOfRange(this.buffer, this.bodyStart, this.bodyStart + this.bodyLength);
	}

	private byte @Nullable [] chunkedBody() {
		ByteBuffer body = ByteBuffer.allocate(this.end - this.bodyStart);
		int at = this.bodyStart;
		while (true) {
			int lineEnd = at;
			while (lineEnd < this.end && this.buffer[lineEnd] != '\n') {
				lineEnd++;
			}
			if (lineEnd == this.end) {
				return null;
			}
			String size = new String(this.buffer, at, lineEnd - at, StandardCharsets.ISO_8859_1);
			int length = Integer.parseInt(size.replaceFirst(";.*", "").strip(), 16);
			int next = lineEnd + 1 + length + 2;
			if (next > this.end) {
				return null;
			}
			if (length == 0) {
				return Arrays.copyOf(body.array(), body.position());
			}
			body.put(this.buffer, lineEnd + 1, length);
			at = next;
		}
	}

}
