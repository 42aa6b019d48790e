package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.Subscription.Known;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message: CloudEvents 1.0 in Kafka's binary content mode, W3C trace
 * context, and the correlation id as an extension attribute.
 */
final class MessageHeaders {

	static final String ID = "ce_id";

	static final String TYPE = "ce_type";

	static final String SOURCE = "ce_source";

	static final String TIME = "ce_time";

	static final String SUBJECT = "ce_subject";

	static final String SPEC_VERSION = "ce_specversion";

	static final String CONTENT_TYPE = "content-type";

	static final String CORRELATION_ID = MessageContext.CORRELATION_ID;

	static final String TRACEPARENT = "traceparent";

	private static final Pattern TRACEPARENT_FORM = Pattern
		.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.*");

	private static final Pattern CORRELATION_ID_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private static final int UUID_LENGTH = 36;

	private MessageHeaders() {
	}

	static Map<String, String> of(UUID eventId, String type, String source, Instant at, String subject,
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

	/**
	 * Reads a record.
	 * @throws UnreadableMessageException if it is not a message of its topic that the
	 * subscription knows
	 */
	static Received<Message> read(ConsumerRecord<byte[], byte[]> source, Subscription subscription) {
		Map<String, String> headers = read(source.headers());
		UUID eventId = eventId(headers);
		if (eventId == null) {
			throw new UnreadableMessageException("The header " + ID + " is missing or not a UUID");
		}
		String version = headers.get(SPEC_VERSION);
		if (version != null && !version.equals("1.0")) {
			throw new UnreadableMessageException("The header " + SPEC_VERSION + " is not 1.0");
		}
		String typeName = headers.get(TYPE);
		if (typeName == null) {
			throw new UnreadableMessageException("The header " + TYPE + " is missing");
		}
		Known known = subscription.find(typeName);
		if (known == null) {
			throw new UnreadableMessageException("Unknown type " + typeName);
		}
		if (!known.topic().equals(source.topic())) {
			throw new UnreadableMessageException("The type " + typeName + " does not belong to this topic");
		}
		byte[] payload = source.value();
		if (payload == null) {
			throw new UnreadableMessageException("There is no payload");
		}
		Message message = MessageJson.read(payload, known.type());
		return new Received<>(eventId, message, context(headers, eventId), at(headers, source.timestamp()));
	}

	/** The headers as text; of headers with the same name, the last. */
	static Map<String, String> read(Iterable<Header> headers) {
		Map<String, String> result = new LinkedHashMap<>();
		for (Header header : headers) {
			byte[] value = header.value();
			result.put(text(header.key()), (value != null) ? text(value) : "");
		}
		return result;
	}

	static @Nullable UUID eventId(Map<String, String> headers) {
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

	private static MessageContext context(Map<String, String> headers, UUID eventId) {
		String correlationId = headers.get(CORRELATION_ID);
		String traceparent = headers.get(TRACEPARENT);
		return new MessageContext(
				(correlationId != null && CORRELATION_ID_FORM.matcher(correlationId).matches()) ? correlationId
						: eventId.toString(),
				(traceparent != null && TRACEPARENT_FORM.matcher(traceparent).matches()) ? traceparent : null);
	}

	private static Instant at(Map<String, String> headers, long timestamp) {
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

	static String text(byte[] bytes) {
		return text(new String(bytes, StandardCharsets.UTF_8));
	}

	/** The text without NUL, which PostgreSQL cannot store. */
	static String text(String text) {
		return text.replace('\u0000', '\ufffd');
	}

}
