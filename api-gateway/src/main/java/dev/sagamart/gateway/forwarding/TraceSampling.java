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
 * Has a part of all requests traced ({@code management.tracing.sampling.probability}),
 * whatever their clients say. The trace of a client goes on here with its id, but the
 * client can neither have it recorded nor keep it from being recorded. Chance decides and
 * not the id, because a client chooses that too.
 */
@Configuration(proxyBeanMethods = false)
class TraceSampling {

	@Bean
	Sampler sampler(TracingProperties properties) {
		return of(properties.getSampling().getProbability());
	}

	static Sampler of(double probability) {
		Sampler chance = new Chance(probability);
		return Sampler.parentBasedBuilder(chance)
			.setRemoteParentSampled(chance)
			.setRemoteParentNotSampled(chance)
			.build();
	}

	private record Chance(double probability) implements Sampler {

		@Override
		public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind,
				Attributes attributes, List<LinkData> links) {
			return (ThreadLocalRandom.current().nextDouble() < this.probability) ? SamplingResult.recordAndSample()
					: SamplingResult.drop();
		}

		@Override
		public String getDescription() {
			return "Chance{" + this.probability + "}";
		}

	}

}
