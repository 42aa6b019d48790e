package dev.sagamart.payments.provider;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Whether the provider takes our key. If not, that is a warning, not unreadiness: orders
 * and payments can be read, and what the provider has to be asked for waits.
 */
@Component
class PaymentProviderHealthIndicator implements HealthIndicator {

	private final PaymentProvider provider;

	PaymentProviderHealthIndicator(PaymentProvider provider, MeterRegistry meters) {
		this.provider = provider;
		Gauge.builder("sagamart.payment.provider.key.refused", () -> (provider.keyRefusal() != null) ? 1 : 0)
			.description("Whether the payment provider does not take our key")
			.register(meters);
	}

	@Override
	public Health health() {
		String refusal = this.provider.keyRefusal();
		return (refusal == null) ? Health.up().build()
				: Health.status(new Status("WARNING", "The payment provider does not take our key: " + refusal))
					.build();
	}

}
