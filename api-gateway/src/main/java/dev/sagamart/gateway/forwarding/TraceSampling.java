package dev.sagamart.gateway.forwarding;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Samples a random part of all requests ({@code management.tracing.sampling.probability})
 * and ignores the sampling decision of the client. The trace id of the client is kept.
 * The decision does not depend on the trace id, because clients choose it.
 */
@Configuration(proxyBeanMethods = false)
class TraceSampling {

	@Bean
	Sampler sampler(TracingProperties properties) {
		return of(properties.getSampling().getProbability());
	}

	static Sampler of(double probability) {
		Sampler random = new RandomSampler(probability);
		return Sampler.parentBasedBuilder(random)
			.setRemoteParentSampled(random)
			.setRemoteParentNotSampled(random)
			.build();
	}

	private record RandomSampler(double probability) implements Sampler {

		@Override
		public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind,
				Attributes attributes, List<LinkData> links) {
			return (ThreadLocalRandom.current().nextDouble() < this.probability) ? SamplingResult.recordAndSample()
					: SamplingResult.drop();
		}

		@Override
		public String getDescription() {
			return "RandomSampler{" + this.probability + "}";
		}

	}

}
