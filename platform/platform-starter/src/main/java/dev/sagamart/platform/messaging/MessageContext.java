package dev.sagamart.platform.messaging;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The context that a message inherits from the request or message that caused it.
 *
 * @param correlationId the {@code X-Correlation-Id} of the request at the beginning
 * @param traceparent the W3C trace context of the cause, if it was traced
 */
public record MessageContext(String correlationId, @Nullable String traceparent) {

	/** The MDC key of the correlation id; also the name of the message header. */
	public static final String CORRELATION_ID = "correlationId";

	/**
	 * The context of the current thread: its correlation id (a new one if it has none)
	 * and its current span.
	 */
	public static MessageContext current() {
		String correlationId = MDC.get(CORRELATION_ID);
		SpanContext span = Span.current().getSpanContext();
		return new MessageContext((correlationId != null) ? correlationId : UUID.randomUUID().toString(), null)
			.causedBy(span);
	}

	/** The same context, caused by a span; without a trace if the span is not valid. */
	public MessageContext causedBy(SpanContext span) {
		return new MessageContext(this.correlationId, span.isValid()
				? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex() : null);
	}

	/** The trace id in {@link #traceparent()}, 32 hexadecimal digits, or {@code null}. */
	public @Nullable String traceId() {
		return (this.traceparent != null) ? this.traceparent.substring(3, 35) : null;
	}

}
