package dev.sagamart.payments.reconciliation.web;

import dev.sagamart.payments.provider.ProviderWebhooks;
import dev.sagamart.payments.provider.UntrustedEventException;
import dev.sagamart.payments.reconciliation.ProviderEvents;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import jakarta.annotation.security.PermitAll;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Receives Stripe's webhooks. */
@RestController
class ProviderEventController {

	private final ProviderWebhooks webhooks;

	private final ProviderEvents events;

	ProviderEventController(ProviderWebhooks webhooks, ProviderEvents events) {
		this.webhooks = webhooks;
		this.events = events;
	}

	/** Accepts every signed event, so that the provider does not repeat it. */
	@PermitAll
	@PostMapping("/api/v1/payments/provider-events")
	@ResponseStatus(HttpStatus.OK)
	@Answers(value = 400, never = 422)
	void take(@RequestBody byte[] payload, @RequestHeader("Stripe-Signature") String signature) {
		try {
			this.webhooks.read(new String(payload, StandardCharsets.UTF_8), signature).ifPresent(this.events::add);
		}
		catch (UntrustedEventException ex) {
			throw ProblemException.of(HttpStatus.BAD_REQUEST, "SIGNATURE_INVALID",
					"The event is not signed with the webhook secret, is too old or cannot be read.");
		}
	}

}
