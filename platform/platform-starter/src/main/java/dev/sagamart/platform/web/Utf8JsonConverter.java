package dev.sagamart.platform.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON in UTF-8 only (RFC 8259, 8.1). The parser itself would also accept UTF-16
 * and UTF-32, whatever was declared, and overlong encodings, which can hide forbidden
 * characters from checks.
 */
final class Utf8JsonConverter extends JacksonJsonHttpMessageConverter {

	Utf8JsonConverter(JsonMapper mapper) {
		super(mapper);
	}

	@Override
	public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
		Charset declared = (mediaType != null) ? mediaType.getCharset() : null;
		return (declared == null || declared.equals(StandardCharsets.UTF_8)) && super.canRead(type, mediaType);
	}

	/**
	 * Does not label an ordinary answer as problem details, even if the client asks for
	 * it.
	 */
	@Override
	public boolean canWrite(ResolvableType type, Class<?> valueClass, @Nullable MediaType mediaType) {
		return !MediaType.APPLICATION_PROBLEM_JSON.equalsTypeAndSubtype(mediaType)
				&& super.canWrite(type, valueClass, mediaType);
	}

	@Override
	public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
			throws IOException {
		byte[] body = message.getBody().readAllBytes();
		checkEncoding(body, message);
		return super.read(type, new ReadMessage(message.getHeaders(), body), hints);
	}

	private static void checkEncoding(byte[] body, HttpInputMessage message) {
		for (byte one : body) {
			if (one == 0) {
				throw new HttpMessageNotReadableException("NUL in the body", message);
			}
		}
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
		}
		catch (CharacterCodingException ex) {
			throw new HttpMessageNotReadableException("The body is not UTF-8", ex, message);
		}
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record ReadMessage(HttpHeaders headers, byte[] body) implements HttpInputMessage {

		@Override
		public InputStream getBody() {
			return new ByteArrayInputStream(this.body);
		}

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

	}

}
