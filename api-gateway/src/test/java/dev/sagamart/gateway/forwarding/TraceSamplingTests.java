package dev.sagamart.gateway.forwarding;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.opentelemetry.sdk.trace.samplers.SamplingDecision.DROP;
import static io.opentelemetry.sdk.trace.samplers.SamplingDecision.RECORD_AND_SAMPLE;
import static org.assertj.core.api.Assertions.assertThat;

class TraceSamplingTests {

	/** An id that a sampler based on trace ids always samples. */
	private static final String LOWEST = "00000000000000000000000000000001";

	/** An id that a sampler based on trace ids hardly ever samples. */
	private static final String HIGHEST = "77777777777777777777777777777777";

	private static SamplingDecision decision(double probability, Context parent, String traceId) {
		Sampler sampler = TraceSampling.of(probability);
		return sampler.shouldSample(parent, traceId, "a request", SpanKind.SERVER, Attributes.empty(), List.of())
			.getDecision();
	}

	private static Context client(String traceId, TraceFlags flags) {
		return Context.root()
			.with(Span
				.wrap(SpanContext.createFromRemoteParent(traceId, "b7ad6b7169203331", flags, TraceState.getDefault())));
	}

	@ParameterizedTest
	@ValueSource(strings = { LOWEST, HIGHEST })
	void ignoresTheDecisionOfTheClient(String traceId) {
		for (TraceFlags flags : List.of(TraceFlags.getSampled(), TraceFlags.getDefault())) {
			Context client = client(traceId, flags);
			assertThat(decision(0, client, traceId)).isEqualTo(DROP);
			assertThat(decision(1, client, traceId)).isEqualTo(RECORD_AND_SAMPLE);
			assertThat(Stream.generate(() -> decision(0.5, client, traceId)).limit(1000)).contains(DROP,
					RECORD_AND_SAMPLE);
		}
	}

	@Test
	void samplesItsShareOfRequestsWithoutATrace() {
		assertThat(decision(0, Context.root(), LOWEST)).isEqualTo(DROP);
		assertThat(Stream.generate(() -> decision(0.5, Context.root(), LOWEST)).limit(1000)).contains(DROP,
				RECORD_AND_SAMPLE);
	}

	@Test
	void samplesAllSpansOfARequestOrNone() {
		for (TraceFlags flags : List.of(TraceFlags.getSampled(), TraceFlags.getDefault())) {
			Context request = Context.root()
				.with(Span.wrap(SpanContext.create(LOWEST, "b7ad6b7169203331", flags, TraceState.getDefault())));
			assertThat(Stream.generate(() -> decision(0.5, request, LOWEST)).limit(1000))
				.containsOnly(flags.isSampled() ? RECORD_AND_SAMPLE : DROP);
		}
	}

}
