package dev.sagamart.payments.reconciliation.web;

import dev.sagamart.payments.provider.ProviderUnavailableException;
import dev.sagamart.payments.reconciliation.Balance;
import dev.sagamart.payments.reconciliation.Reconciliation;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Secured("ROLE_ADMIN")
class ReconciliationController {

	private final Reconciliation reconciliation;

	ReconciliationController(Reconciliation reconciliation) {
		this.reconciliation = reconciliation;
	}

	@GetMapping("/api/v1/payments/reconciliation")
	Page<Balance> reconciliation(PageQuery page) {
		String after = page.isFirst() ? "" : page.after(ReconciliationController::currencyOf);
		try {
			List<Balance> balances = this.reconciliation.reconcile()
				.stream()
				.filter((balance) -> currencyOf(balance).compareTo(after) > 0)
				.limit(page.fetchSize())
				.toList();
			return Page.of(balances, page, Function.identity(), (balance) -> List.of(currencyOf(balance)));
		}
		catch (ProviderUnavailableException ex) {
			throw ProblemException.of(HttpStatus.SERVICE_UNAVAILABLE, "PROVIDER_UNAVAILABLE",
					"The payment provider's books cannot be read. Try again later.");
		}
	}

	private static String currencyOf(List<String> key) {
		if (key.size() != 1 || !key.getFirst().matches("[A-Z]{3}")) {
			throw new IllegalArgumentException("Not a currency");
		}
		return key.getFirst();
	}

	private static String currencyOf(Balance balance) {
		return balance.captured().currency();
	}

}
