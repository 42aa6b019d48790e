package dev.sagamart.platform.observability;

import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Bounds the number of metrics. Their names, tags and histograms are in the defaults. */
@AutoConfiguration(before = MetricsAutoConfiguration.class)
class PlatformObservabilityAutoConfiguration {

	/** Keeps a tag with values from requests from filling the memory. */
	private static final int MAX_METERS = 5000;

	@Bean
	@Order(0)
	MeterFilter boundedMeters() {
		return MeterFilter.maximumAllowableMetrics(MAX_METERS);
	}

}
