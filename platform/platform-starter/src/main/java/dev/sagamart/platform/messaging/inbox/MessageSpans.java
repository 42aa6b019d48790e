package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.MessageContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Continues the traces of messages. Each message of a sampled trace gets a span that
 * lasts as long as its batch, and is the parent of the answers; other traces are only
 * passed on. A batch of one message is handled inside its context, so that its log lines
 * and calls belong to its trace.
 */
final class MessageSpans {

	private final Tracer tracer;

	MessageSpans(@Nullable OpenTelemetry openTelemetry) {
		this.tracer = Objects.requireNonNullElse(openTelemetry, OpenTelemetry.noop())
			.getTracer("dev.sagamart.platform.messaging");
	}

	void around(String group, List<Received<Message>> batch, Consumer<List<Received<Message>>> handler) {
		List<Span> spans = new ArrayList<>();
		List<Received<Message>> received = new ArrayList<>(batch.size());
		for (Received<Message> message : batch) {
			received.add(begin(group, message, spans));
		}
		try {
			if (received.size() == 1) {
				inContext(received.getFirst().context(), () -> handler.accept(received));
			}
			else {
				handler.accept(received);
			}
		}
		catch (RuntimeException | Error ex) {
			spans.forEach((span) -> span.setStatus(StatusCode.ERROR, ex.getClass().getSimpleName()));
			throw ex;
		}
		finally {
			spans.forEach(Span::end);
		}
	}

	private Received<Message> begin(String group, Received<Message> message, List<Span> spans) {
		String traceparent = message.context().traceparent();
		if (traceparent == null) {
			return message;
		}
		SpanContext cause = parse(traceparent);
		if (!cause.isSampled()) {
			return message;
		}
		Span span = this.tracer.spanBuilder(MessageTypes.nameOf(message.message().getClass()) + " process")
			.setParent(Context.root().with(Span.wrap(cause)))
			.setSpanKind(SpanKind.CONSUMER)
			.setAttribute("messaging.system", "kafka")
			.setAttribute("messaging.operation.name", "process")
			.setAttribute("messaging.consumer.group.name", group)
			.setAttribute("messaging.message.id", message.eventId().toString())
			.setAttribute("sagamart.aggregate.id", message.message().aggregateId().toString())
			.startSpan();
		spans.add(span);
		SpanContext context = span.getSpanContext();
		return context.isValid() ? new Received<>(message.eventId(), message.message(),
				message.context().causedBy(context), message.at()) : message;
	}

	private static void inContext(MessageContext context, Runnable work) {
		MDC.put(MessageContext.CORRELATION_ID, context.correlationId());
		String traceparent = context.traceparent();
		Context traced = (traceparent != null) ? Context.root().with(Span.wrap(parse(traceparent))) : Context.root();
		// The tracing bridge puts the ids of the current span into the MDC.
		try (Scope scope = traced.makeCurrent()) {
			work.run();
		}
		finally {
			MDC.remove(MessageContext.CORRELATION_ID);
		}
	}

	private static SpanContext parse(String traceparent) {
		return SpanContext.createFromRemoteParent(traceparent.substring(3, 35), traceparent.substring(36, 52),
				TraceFlags.fromHex(traceparent, 53), TraceState.getDefault());
	}

}
