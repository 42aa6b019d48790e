package dev.sagamart.platform.messaging.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.Aggregates;
import dev.sagamart.platform.messaging.MessageContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class MessageSpansTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String RECORDED = "00-" + TRACE + "-b7ad6b7169203331-01";

	private static final String NOT_RECORDED = "00-" + TRACE + "-b7ad6b7169203331-00";

	private final List<SpanData> finished = new ArrayList<>();

	private final MessageSpans spans = new MessageSpans(OpenTelemetrySdk.builder()
		.setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter())).build())
		.build());

	@Test
	void answersToARecordedMessageHangBelowItsSpan() {
		this.spans.around("group", List.of(message(RECORDED)), (batch) -> {
			MessageContext current = MessageContext.current();
			assertThat(current).isEqualTo(batch.getFirst().context());
			assertThat(current.traceId()).isEqualTo(TRACE);
			assertThat(current.correlationId()).isEqualTo("the-beginning");
			assertThat(current.traceparent()).isNotEqualTo(RECORDED).endsWith("-01");
		});
		assertThat(this.finished).singleElement().satisfies((span) -> {
			assertThat(span.getName()).isEqualTo("parcel.shipped.v1 process");
			assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
			assertThat(span.getTraceId()).isEqualTo(TRACE);
		});
		assertThat(Span.current().getSpanContext().isValid()).isFalse();
		assertThat(MDC.get(MessageContext.CORRELATION_ID)).isNull();
	}

	@Test
	void aTraceThatIsNotRecordedIsHandedOn() {
		this.spans.around("group", List.of(message(NOT_RECORDED)),
				(batch) -> assertThat(MessageContext.current().traceparent()).isEqualTo(NOT_RECORDED));
		assertThat(this.finished).isEmpty();
	}

	@Test
	void eachMessageOfABatchKeepsItsOwnContext() {
		this.spans.around("group", List.of(message(RECORDED), message(null), message(NOT_RECORDED)), (batch) -> {
			assertThat(batch).extracting((received) -> received.context().traceId())
				.containsExactly(TRACE, null, TRACE);
			assertThat(MDC.get(MessageContext.CORRELATION_ID)).isNull();
		});
		assertThat(this.finished).hasSize(1);
	}

	@Test
	void aFailureIsSeenOnTheSpan() {
		assertThatIllegalStateException()
			.isThrownBy(() -> this.spans.around("group", List.of(message(RECORDED)), (batch) -> {
				throw new IllegalStateException("no");
			}));
		assertThat(this.finished.getFirst().getStatus().getDescription()).isEqualTo("IllegalStateException");
	}

	@Test
	void withoutTracingTheContextIsHandedOnToo() {
		new MessageSpans(OpenTelemetry.noop()).around("group", List.of(message(RECORDED)),
				(batch) -> assertThat(batch.getFirst().context().traceId()).isEqualTo(TRACE));
	}

	private static Received<Message> message(String traceparent) {
		return new Received<>(UUID.randomUUID(), Aggregates.shipped(UUID.randomUUID(), 1),
				new MessageContext("the-beginning", traceparent), Instant.EPOCH);
	}

	private SpanExporter exporter() {
		return new SpanExporter() {
			@Override
			public CompletableResultCode export(Collection<SpanData> spans) {
				MessageSpansTests.this.finished.addAll(spans);
				return CompletableResultCode.ofSuccess();
			}

			@Override
			public CompletableResultCode flush() {
				return CompletableResultCode.ofSuccess();
			}

			@Override
			public CompletableResultCode shutdown() {
				return CompletableResultCode.ofSuccess();
			}
		};
	}

}
