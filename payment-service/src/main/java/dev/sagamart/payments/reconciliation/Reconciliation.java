package dev.sagamart.payments.reconciliation;

import dev.sagamart.payments.provider.ProviderBooks;
import dev.sagamart.payments.provider.ProviderCharge;
import dev.sagamart.payments.reconciliation.ProviderCharges.BookedPayment;
import dev.sagamart.payments.reconciliation.ProviderCharges.ComparedPayment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Compares our payments with the provider's books. Reads a payment that differs once more
 * from both sides, because they change during the comparison.
 * <p>
 * Only one page of payments is in memory: the provider's charges are stored in the
 * database as they are read, and deleted as they are compared. No database connection is
 * held during a call to the provider.
 */
@Service
public class Reconciliation {

	/** The highest number of differing payments that are read once more. */
	static final int MAX_RECHECKS = 500;

	private static final UUID MIN_ID = new UUID(0, 0);

	private final ProviderBooks books;

	private final ProviderCharges charges;

	Reconciliation(ProviderBooks books, ProviderCharges charges) {
		this.books = books;
		this.charges = charges;
	}

	/**
	 * Reconciles all payments.
	 * @return one balance per currency, sorted by currency
	 * @throws dev.sagamart.payments.provider.ProviderUnavailableException if the
	 * provider's books cannot be read
	 */
	public List<Balance> reconcile() {
		UUID run = this.charges.newRun();
		try {
			read(run);
			Comparison comparison = new Comparison();
			comparePayments(run, comparison);
			compareRemainingCharges(run, comparison);
			return List.copyOf(comparison.balances.values());
		}
		finally {
			this.charges.remove(run);
		}
	}

	private void read(UUID run) {
		Map<String, ProviderCharge> page = new HashMap<>();
		this.books.charges((charge) -> {
			if (charge.captured().signum() > 0) {
				page.put(charge.reference(), charge);
			}
			if (page.size() == ProviderCharges.PAGE_SIZE) {
				this.charges.add(run, page.values());
				page.clear();
			}
		});
		this.charges.add(run, page.values());
	}

	private void comparePayments(UUID run, Comparison comparison) {
		UUID after = MIN_ID;
		List<ComparedPayment> page;
		do {
			page = this.charges.takePayments(run, after);
			for (ComparedPayment payment : page) {
				BookedPayment booked = payment.booked();
				if (booked.matches(payment.charge()) || !comparison.mayRecheck()) {
					comparison.add(booked, payment.charge());
				}
				else {
					ProviderCharge charge = this.books.charge(booked.reference(), booked.captured().currency());
					comparison.add(this.charges.find(booked.reference()).orElse(booked), charge);
				}
				after = booked.paymentId();
			}
		}
		while (page.size() == ProviderCharges.PAGE_SIZE);
	}

	private void compareRemainingCharges(UUID run, Comparison comparison) {
		List<ProviderCharge> page;
		do {
			page = this.charges.takeRemaining(run);
			for (ProviderCharge charge : page) {
				BookedPayment booked = comparison.mayRecheck() ? this.charges.find(charge.reference()).orElse(null)
						: null;
				comparison.add(booked, (booked != null)
						? this.books.charge(charge.reference(), charge.captured().currency()) : charge);
			}
		}
		while (page.size() == ProviderCharges.PAGE_SIZE);
	}

	private static final class Comparison {

		private final Map<String, Balance> balances = new TreeMap<>();

		private int rechecks;

		private boolean mayRecheck() {
			return this.rechecks++ < MAX_RECHECKS;
		}

		/** If the currencies of a payment differ, each side counts in its own balance. */
		private void add(@Nullable BookedPayment booked, @Nullable ProviderCharge charge) {
			if (booked != null && charge != null
					&& !booked.captured().currency().equals(charge.captured().currency())) {
				add(booked, null);
				add(null, charge);
			}
			else if (booked != null) {
				count(booked.captured().currency(), booked, charge);
			}
			else if (charge != null) {
				count(charge.captured().currency(), null, charge);
			}
		}

		private void count(String currency, @Nullable BookedPayment booked, @Nullable ProviderCharge charge) {
			this.balances.put(currency,
					this.balances.getOrDefault(currency, Balance.zero(currency)).plus(booked, charge));
		}

	}

}
