package dev.sagamart.payments.payment;

import dev.sagamart.payments.provider.ProviderResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What can be seen of the operations. */
@Component
class OperationMetrics {

	private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(5);

	private final MeterRegistry meters;

	private final MultiGauge open;

	private final MultiGauge age;

	private final Clock clock;

	private Instant nextSample = Instant.EPOCH;

	OperationMetrics(MeterRegistry meters, Clock clock) {
		this.meters = meters;
		this.clock = clock;
		this.open = MultiGauge.builder("sagamart.payment.operations.open")
			.description("Operations that are not settled")
			.register(meters);
		this.age = MultiGauge.builder("sagamart.payment.operations.oldest")
			.description("Age of the oldest operation that is not settled")
			.baseUnit("seconds")
			.register(meters);
	}

	void asked(OperationKind call, ProviderResult result, long nanos) {
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

	/** Samples the backlog, if the last sample is old. */
	void sample(Supplier<List<PaymentTables.Backlog>> backlog) {
		Instant now = this.clock.instant();
		if (now.isBefore(this.nextSample)) {
			return;
		}
		this.nextSample = now.plus(SAMPLE_INTERVAL);
		List<PaymentTables.Backlog> rows = backlog.get();
		this.open.register(
				rows.stream().<MultiGauge.Row<?>>map((row) -> MultiGauge.Row.of(tags(row), row.operations())).toList(),
				true);
		this.age.register(rows
			.stream().<MultiGauge.Row<?>>map((row) -> MultiGauge.Row.of(tags(row), row.oldestSeconds())).toList(),
				true);
	}

	private static Tags tags(PaymentTables.Backlog row) {
		return Tags.of("operation", row.kind().name().toLowerCase(Locale.ROOT), "outcome",
				row.unknown() ? "unknown" : "open");
	}

}
