package dev.sagamart.payments.reconciliation;

import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.ProviderCharge;
import dev.sagamart.payments.reconciliation.ProviderCharges.BookedPayment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

	/** Adds up payments. */
	static final class Builder {

		private final List<Unmatched> unmatched = new ArrayList<>();

		private long unmatchedCount;

		private Money captured;

		private Money refunded;

		private Money providerCaptured;

		private Money providerRefunded;

		Builder(String currency) {
			this.captured = Money.zero(currency);
			this.refunded = this.captured;
			this.providerCaptured = this.captured;
			this.providerRefunded = this.captured;
		}

		void add(@Nullable BookedPayment booked, @Nullable ProviderCharge charge) {
			if (booked != null) {
				this.captured = this.captured.plus(booked.captured());
				this.refunded = this.refunded.plus(booked.refunded());
			}
			if (charge != null) {
				this.providerCaptured = this.providerCaptured.plus(charge.captured());
				this.providerRefunded = this.providerRefunded.plus(charge.refunded());
			}
			if (booked == null || !(booked.matches(charge) || booked.inProgress())) {
				this.unmatchedCount++;
				if (this.unmatched.size() < MAX_UNMATCHED) {
					this.unmatched.add(Unmatched.of(booked, charge));
				}
			}
		}

		Balance build() {
			return new Balance(this.captured, this.refunded, this.providerCaptured, this.providerRefunded,
					this.unmatched, this.unmatchedCount);
		}

	}

}
