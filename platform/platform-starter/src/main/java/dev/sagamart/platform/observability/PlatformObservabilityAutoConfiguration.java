package dev.sagamart.platform.observability;

import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * Bounds the metrics of a service. Names, tags and histograms stand in the defaults.
 */
@AutoConfiguration(before = MetricsAutoConfiguration.class)
class PlatformObservabilityAutoConfiguration {

	/** A tag that takes its values from requests must not fill the memory. */
	private static final int MAX_METERS = 5000;

	@Bean
	@Order(0)
	MeterFilter boundedMeters() {
		return MeterFilter.maximumAllowableMetrics(MAX_METERS);
	}

}
