package dev.sagamart.e2e.attack;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request, which may be invalid.
 *
 * @param target the request target as it is sent
 * @param headers the header lines; {@code Host}, {@code Connection} and the body's length
 * are added if they are missing
 * @param raw the bytes to send instead, or null
 */
@SuppressWarnings("ArrayRecordComponent")
record Request(String method, String target, List<String> headers, byte @Nullable [] body, boolean chunked,
		byte @Nullable [] raw) {

	private static final int CHUNK = 8192;

	Request {
		headers = List.copyOf(headers);
	}

	static Request of(String method, String target) {
		return new Request(method, target, List.of(), null, false, null);
	}

	static Request get(String target) {
		return of("GET", target);
	}

	static Request post(String target, String json) {
		return of("POST", target).json(json);
	}

	static Request put(String target, String json) {
		return of("PUT", target).json(json);
	}

	static Request delete(String target) {
		return of("DELETE", target);
	}

	/** Sends the text as it is; {@code {host}} is replaced by the server. */
	static Request raw(String text) {
		return new Request("raw", text.lines().findFirst().orElse(""), List.of(), null, false,
				text.getBytes(StandardCharsets.ISO_8859_1));
	}

	Request header(String name, String value) {
		return line(name + ": " + value);
	}

	/** Adds any line to the headers. */
	Request line(String line) {
		List<String> lines = new ArrayList<>(this.headers);
		lines.add(line);
		return new Request(this.method, this.target, lines, this.body, this.chunked, null);
	}

	/** Removes a header. */
	Request without(String name) {
		return new Request(this.method, this.target,
				this.headers.stream().filter((line) -> !isNamed(line, name)).toList(), this.body, this.chunked, null);
	}

	/** Adds an access token unless it is empty. */
	Request bearer(String token) {
		return token.isEmpty() ? this : header("Authorization", "Bearer " + token);
	}

	Request json(String json) {
		return body("application/json", json.getBytes(StandardCharsets.UTF_8));
	}

	Request body(String contentType, byte[] bytes) {
		Request typed = without("Content-Type");
		return new Request(this.method, this.target,
				contentType.isEmpty() ? typed.headers : typed.header("Content-Type", contentType).headers, bytes,
				this.chunked, null);
	}

	Request inChunks() {
		return new Request(this.method, this.target, this.headers, this.body, true, null);
	}

	byte[] bytes(URI server) {
		if (this.raw != null) {
			return new String(this.raw, StandardCharsets.ISO_8859_1).replace("{host}", server.getAuthority())
				.getBytes(StandardCharsets.ISO_8859_1);
		}
		StringBuilder head = new StringBuilder(this.method + " " + this.target + " HTTP/1.1\r\n");
		if (!has("Host")) {
			head.append("Host: ").append(server.getAuthority()).append("\r\n");
		}
		if (!has("Connection")) {
			head.append("Connection: close\r\n");
		}
		this.headers.forEach((line) -> head.append(line).append("\r\n"));
		byte[] content = this.body;
		if (content != null && this.chunked) {
			head.append("Transfer-Encoding: chunked\r\n");
		}
		else if (content != null && !has("Content-Length")) {
			head.append("Content-Length: ").append(content.length).append("\r\n");
		}
		head.append("\r\n");
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
		if (content != null && this.chunked) {
			for (int at = 0; at < content.length; at += CHUNK) {
				int size = Math.min(CHUNK, content.length - at);
				bytes.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
				bytes.write(content, at, size);
				bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			bytes.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		else if (content != null) {
			bytes.writeBytes(content);
		}
		return bytes.toByteArray();
	}

	private boolean has(String name) {
		return this.headers.stream().anyMatch((line) -> isNamed(line, name));
	}

	private static boolean isNamed(String line, String name) {
		return line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
	}

}
