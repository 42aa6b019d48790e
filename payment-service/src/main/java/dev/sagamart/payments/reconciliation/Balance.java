package dev.sagamart.payments.reconciliation;

import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.ProviderCharge;
import dev.sagamart.payments.reconciliation.ProviderCharges.BookedPayment;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The totals of our books and of the provider's in one currency, and the payments in
 * which the books differ.
 *
 * @param unmatched the first {@value #MAX_UNMATCHED} of these payments
 * @param unmatchedCount the number of all these payments
 */
public record Balance(Money captured, Money refunded, Money providerCaptured, Money providerRefunded,
		List<Unmatched> unmatched, long unmatchedCount) {

	static final int MAX_UNMATCHED = 1_000;

	public Balance {
		unmatched = List.copyOf(unmatched);
	}

	/**
	 * A payment in which the books differ. The values of a side that does not know it are
	 * {@code null}. A payment with open operations never counts as different.
	 */
	public record Unmatched(@Nullable UUID paymentId, @Nullable UUID orderId, String providerReference,
			@Nullable Money captured, @Nullable Money refunded, @Nullable Money providerCaptured,
			@Nullable Money providerRefunded) {

		static Unmatched of(@Nullable BookedPayment booked, @Nullable ProviderCharge charge) {
			return new Unmatched((booked != null) ? booked.paymentId() : null,
					(booked != null) ? booked.orderId() : null,
					(booked != null) ? booked.reference() : (charge != null) ? charge.reference() : "",
					(booked != null) ? booked.captured() : null, (booked != null) ? booked.refunded() : null,
					(charge != null) ? charge.captured() : null, (charge != null) ? charge.refunded() : null);
		}

	}

	static Balance zero(String currency) {
		Money zero = Money.zero(currency);
		return new Balance(zero, zero, zero, zero, List.of(), 0);
	}

	/** Adds a payment. */
	Balance plus(@Nullable BookedPayment booked, @Nullable ProviderCharge charge) {
		boolean differs = booked == null || !(booked.matches(charge) || booked.inProgress());
		List<Unmatched> listed = this.unmatched;
		if (differs && listed.size() < MAX_UNMATCHED) {
			listed = Stream.concat(listed.stream(), Stream.of(Unmatched.of(booked, charge))).toList();
		}
		return new Balance((booked != null) ? this.captured.plus(booked.captured()) : this.captured,
				(booked != null) ? this.refunded.plus(booked.refunded()) : this.refunded,
				(charge != null) ? this.providerCaptured.plus(charge.captured()) : this.providerCaptured,
				(charge != null) ? this.providerRefunded.plus(charge.refunded()) : this.providerRefunded, listed,
				this.unmatchedCount + (differs ? 1 : 0));
	}

}
