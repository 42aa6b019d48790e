package dev.sagamart.payments.provider;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Verifies and reads the webhooks of the provider. */
@Component
public class ProviderWebhooks {

	private static final long TOLERANCE_SECONDS = 300;

	private final String secret;

	ProviderWebhooks(ProviderProperties properties) {
		this.secret = properties.webhookSecret();
	}

	/**
	 * Reads a signed event.
	 * @return the event, or nothing if it is not about a change of a payment
	 * @throws UntrustedEventException if it was not signed with the webhook secret, was
	 * signed more than five minutes ago, or cannot be read
	 */
	public Optional<ProviderEvent> read(String payload, String signature) {
		if (this.secret.isBlank()) {
			throw new UntrustedEventException(null);
		}
		try {
			// Separate from constructEvent, so that an event without a signature is not
			// parsed.
			Webhook.Signature.verifyHeader(payload, signature, this.secret, TOLERANCE_SECONDS);
			return StripeIntents.from(Webhook.constructEvent(payload, signature, this.secret, TOLERANCE_SECONDS));
		}
		catch (SignatureVerificationException | RuntimeException ex) {
			throw new UntrustedEventException(ex);
		}
	}

}
