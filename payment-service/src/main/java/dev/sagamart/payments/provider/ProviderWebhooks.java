package dev.sagamart.payments.provider;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads what the provider tells by itself. */
@Component
public class ProviderWebhooks {

	private static final long TOLERANCE_SECONDS = 300;

	private final String secret;

	ProviderWebhooks(ProviderProperties properties) {
		this.secret = properties.webhookSecret();
	}

	/**
	 * Reads an event that the provider has signed.
	 * @return the event, or nothing if it is not about how a payment stands
	 * @throws UntrustedEventException if it is not signed with our secret, was signed
	 * more than five minutes ago, or cannot be read
	 */
	public Optional<ProviderEvent> read(String payload, String signature) {
		if (this.secret.isBlank()) {
			throw new UntrustedEventException(null);
		}
		try {
			// Before anything else: what nobody signed is not even parsed.
			Webhook.Signature.verifyHeader(payload, signature, this.secret, TOLERANCE_SECONDS);
			return StripeIntents.from(Webhook.constructEvent(payload, signature, this.secret, TOLERANCE_SECONDS));
		}
		catch (SignatureVerificationException | RuntimeException ex) {
			throw new UntrustedEventException(ex);
		}
	}

}
