package dev.sagamart.payments.reconciliation.web;

import dev.sagamart.payments.provider.ProviderUnavailableException;
import dev.sagamart.payments.reconciliation.Reconciliation;
import dev.sagamart.payments.reconciliation.Reconciliation.Balance;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.ProblemException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReconciliationController {

	private final Reconciliation reconciliation;

	ReconciliationController(Reconciliation reconciliation) {
		this.reconciliation = reconciliation;
	}

	@GetMapping("/api/v1/payments/reconciliation")
	Page<Balance> reconciliation() {
		try {
			return new Page<>(this.reconciliation.reconcile(), null);
		}
		catch (ProviderUnavailableException ex) {
			throw ProblemException.of(HttpStatus.SERVICE_UNAVAILABLE, "PROVIDER_UNAVAILABLE",
					"The payment provider's books cannot be read now.");
		}
	}

}
