package dev.sagamart.platform.messaging.wire;

import dev.sagamart.platform.messaging.MessageContext;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message: CloudEvents 1.0 in Kafka's binary content mode, W3C trace
 * context, and the correlation id as an extension attribute.
 */
public final class MessageHeaders {

	public static final String ID = "ce_id";

	public static final String TYPE = "ce_type";

	private static final String SOURCE = "ce_source";

	private static final String TIME = "ce_time";

	private static final String SUBJECT = "ce_subject";

	public static final String SPEC_VERSION = "ce_specversion";

	private static final String CONTENT_TYPE = "content-type";

	private static final String CORRELATION_ID = MessageContext.CORRELATION_ID;

	private static final String TRACEPARENT = "traceparent";

	private static final Pattern TRACEPARENT_FORM = Pattern
		.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.*");

	private static final Pattern CORRELATION_ID_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private static final int UUID_LENGTH = 36;

	private MessageHeaders() {
	}

	/** The headers of a message that is to be sent. */
	public static Map<String, String> of(UUID eventId, String type, String source, Instant at, String subject,
			MessageContext context) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(SPEC_VERSION, "1.0");
		headers.put(ID, eventId.toString());
		headers.put(TYPE, type);
		headers.put(SOURCE, source);
		headers.put(TIME, at.toString());
		headers.put(SUBJECT, subject);
		headers.put(CONTENT_TYPE, "application/json");
		headers.put(CORRELATION_ID, text(context.correlationId()));
		if (context.traceparent() != null) {
			headers.put(TRACEPARENT, text(context.traceparent()));
		}
		return headers;
	}

	/** The headers as text; of headers with the same name, the last. */
	public static Map<String, String> read(Iterable<Header> headers) {
		Map<String, String> result = new LinkedHashMap<>();
		for (Header header : headers) {
			byte[] value = header.value();
			result.put(text(header.key()), (value != null) ? text(value) : "");
		}
		return result;
	}

	/** The sender's id of the message; {@code null} if there is none that can be read. */
	public static @Nullable UUID eventId(Map<String, String> headers) {
		String id = headers.get(ID);
		if (id == null || id.length() != UUID_LENGTH) {
			return null;
		}
		try {
			return UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/** The context that they carry; what is not well-formed counts as missing. */
	public static MessageContext context(Map<String, String> headers, UUID eventId) {
		String correlationId = headers.get(CORRELATION_ID);
		String traceparent = headers.get(TRACEPARENT);
		return new MessageContext(
				(correlationId != null && CORRELATION_ID_FORM.matcher(correlationId).matches()) ? correlationId
						: eventId.toString(),
				(traceparent != null && TRACEPARENT_FORM.matcher(traceparent).matches()) ? traceparent : null);
	}

	/**
	 * When the message was written, by the sender's clock.
	 * @param timestamp the broker's, in milliseconds, if the sender did not say
	 */
	public static Instant at(Map<String, String> headers, long timestamp) {
		String time = headers.get(TIME);
		if (time != null) {
			try {
				return Instant.parse(time);
			}
			catch (DateTimeException ex) {
				// The broker's time is as good for display.
			}
		}
		return Instant.ofEpochMilli(timestamp);
	}

	/** The bytes as text, without NUL, which PostgreSQL cannot store. */
	public static String text(byte[] bytes) {
		return text(new String(bytes, StandardCharsets.UTF_8));
	}

	private static String text(String text) {
		return text.replace('\u0000', '\ufffd');
	}

}
