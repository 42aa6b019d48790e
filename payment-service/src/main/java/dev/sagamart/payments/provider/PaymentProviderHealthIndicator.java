package dev.sagamart.payments.provider;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Reports whether the provider accepts the API key. A rejected key is only a warning,
 * because the service can still serve reads, and keeps operations until the key is valid.
 */
@Component
class PaymentProviderHealthIndicator implements HealthIndicator {

	private final PaymentProvider provider;

	PaymentProviderHealthIndicator(PaymentProvider provider, MeterRegistry meters) {
		this.provider = provider;
		Gauge.builder("sagamart.payment.provider.key.refused", () -> (provider.keyRefusal() != null) ? 1 : 0)
			.description("1 if the payment provider rejects the API key, otherwise 0")
			.register(meters);
	}

	@Override
	public Health health() {
		String refusal = this.provider.keyRefusal();
		return (refusal == null) ? Health.up().build()
				: Health.status(new Status("WARNING", "The payment provider rejects the API key: " + refusal)).build();
	}

}
