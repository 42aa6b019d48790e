package dev.sagamart.payments.payment;

import dev.sagamart.payments.provider.ProviderResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The metrics of the operations and of their calls to the provider. */
@Component
class OperationMetrics {

	private final JdbcTemplate jdbc;

	private final MeterRegistry meters;

	private final MultiGauge open;

	private final MultiGauge age;

	OperationMetrics(JdbcTemplate jdbc, MeterRegistry meters) {
		this.jdbc = jdbc;
		this.meters = meters;
		this.open = MultiGauge.builder("sagamart.payment.operations.open")
			.description("Operations that are not settled")
			.register(meters);
		this.age = MultiGauge.builder("sagamart.payment.operations.oldest")
			.description("Age of the oldest operation that is not settled")
			.baseUnit("seconds")
			.register(meters);
	}

	void recordCall(OperationKind call, ProviderResult result, long nanos) {
		Timer.builder("sagamart.payment.operation")
			.description("Calls of the payment provider, immediate retries included")
			.tag("operation", call.name().toLowerCase(Locale.ROOT))
			.tag("outcome", switch (result) {
				case ProviderResult.Approved _ -> "approved";
				case ProviderResult.Declined _ -> "declined";
				case ProviderResult.Found _ -> "found";
				case ProviderResult.Refused _ -> "refused";
				case ProviderResult.KeyRefused _ -> "key_refused";
				case ProviderResult.Unknown _ -> "unknown";
				case ProviderResult.NotAsked _ -> "not_asked";
			})
			.publishPercentileHistogram()
			.minimumExpectedValue(Duration.ofMillis(1))
			.maximumExpectedValue(Duration.ofSeconds(10))
			.register(this.meters)
			.record(nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Counts the open operations by kind and outcome, and measures the age of the oldest
	 * one in seconds.
	 */
	@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void sample() {
		List<MultiGauge.Row<?>> counts = new ArrayList<>();
		List<MultiGauge.Row<?>> ages = new ArrayList<>();
		this.jdbc.query(
				"""
						SELECT lower(kind), lower(outcome), count(*), extract(epoch FROM clock_timestamp() - min(created_at))::float8
						FROM operation WHERE finished_at IS NULL GROUP BY kind, outcome""",
				(row) -> {
					Tags tags = Tags.of("operation", row.getString(1), "outcome", row.getString(2));
					counts.add(MultiGauge.Row.of(tags, row.getLong(3)));
					ages.add(MultiGauge.Row.of(tags, row.getDouble(4)));
				});
		this.open.register(counts, true);
		this.age.register(ages, true);
	}

}
