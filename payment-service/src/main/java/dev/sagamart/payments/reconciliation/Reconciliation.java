package dev.sagamart.payments.reconciliation;

import dev.sagamart.payments.provider.ProviderBooks;
import dev.sagamart.payments.provider.ProviderCharge;
import dev.sagamart.payments.reconciliation.ReadCharges.Booked;
import dev.sagamart.payments.reconciliation.ReadCharges.Pair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Compares what we think we captured and refunded with the provider's own books, payment
 * by payment. What differs is looked at once more, since both sides move meanwhile.
 * However many payments there are, a page of them is in memory: the provider's charges
 * are put into the database as they are read, and taken out as they are compared. No
 * connection or transaction of the database is open while the provider is asked.
 */
@Service
public class Reconciliation {

	/** More differences than this are reported as first seen. */
	static final int MAX_SECOND_LOOKS = 500;

	private static final UUID LEAST = new UUID(0, 0);

	private final ProviderBooks books;

	private final ReadCharges charges;

	Reconciliation(ProviderBooks books, ReadCharges charges) {
		this.books = books;
		this.charges = charges;
	}

	/**
	 * Reconciles all payments.
	 * @return one balance per currency, by currency
	 * @throws dev.sagamart.payments.provider.ProviderUnavailableException if the
	 * provider's books cannot be read
	 */
	public List<Balance> reconcile() {
		UUID run = this.charges.newRun();
		try {
			read(run);
			Comparison comparison = new Comparison();
			compareOurs(run, comparison);
			compareLeft(run, comparison);
			return comparison.balances.values().stream().map(Balance.Builder::build).toList();
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
			if (page.size() == ReadCharges.PAGE) {
				this.charges.add(run, page.values());
				page.clear();
			}
		});
		this.charges.add(run, page.values());
	}

	private void compareOurs(UUID run, Comparison comparison) {
		UUID after = LEAST;
		List<Pair> page;
		do {
			page = this.charges.takeOurs(run, after);
			for (Pair pair : page) {
				Booked booked = pair.booked();
				if (booked.matches(pair.charge()) || !comparison.mayLookAgain()) {
					comparison.add(booked, pair.charge());
				}
				else {
					ProviderCharge charge = this.books.charge(booked.reference(), booked.captured().currency());
					comparison.add(this.charges.find(booked.reference()).orElse(booked), charge);
				}
				after = booked.paymentId();
			}
		}
		while (page.size() == ReadCharges.PAGE);
	}

	private void compareLeft(UUID run, Comparison comparison) {
		List<ProviderCharge> page;
		do {
			page = this.charges.takeLeft(run);
			for (ProviderCharge charge : page) {
				Booked booked = comparison.mayLookAgain() ? this.charges.find(charge.reference()).orElse(null) : null;
				comparison.add(booked, (booked != null)
						? this.books.charge(charge.reference(), charge.captured().currency()) : charge);
			}
		}
		while (page.size() == ReadCharges.PAGE);
	}

	/** How far the books were compared. */
	private static final class Comparison {

		private final Map<String, Balance.Builder> balances = new TreeMap<>();

		private int looks;

		private boolean mayLookAgain() {
			return this.looks++ < MAX_SECOND_LOOKS;
		}

		/** The two sides of a payment count apart if their currencies differ. */
		private void add(@Nullable Booked booked, @Nullable ProviderCharge charge) {
			if (booked != null && charge != null
					&& !booked.captured().currency().equals(charge.captured().currency())) {
				add(booked, null);
				add(null, charge);
			}
			else if (booked != null) {
				balance(booked.captured().currency()).add(booked, charge);
			}
			else if (charge != null) {
				balance(charge.captured().currency()).add(null, charge);
			}
		}

		private Balance.Builder balance(String currency) {
			return this.balances.computeIfAbsent(currency, Balance.Builder::new);
		}

	}

}
