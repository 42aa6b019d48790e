package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceMetricsTests {

	private static final String TEXT = """
			# HELP outbox_backlog messages
			# TYPE outbox_backlog gauge
			outbox_backlog{schema="orders"} 3.0
			outbox_backlog{schema="users"} 1.5E1
			outbox_backlog_age 7.0
			lag{topic="a"} NaN
			""";

	@Test
	void addsTheSeriesOfAMetric() {
		assertThat(ServiceMetrics.sum(TEXT, "outbox_backlog")).isEqualTo(18);
		assertThat(ServiceMetrics.sum(TEXT, "outbox_backlog_age")).isEqualTo(7);
	}

	@Test
	void isNaNWithoutTheMetric() {
		assertThat(ServiceMetrics.sum(TEXT, "outbox")).isNaN();
		assertThat(ServiceMetrics.sum(TEXT, "lag")).isNaN();
	}

}
