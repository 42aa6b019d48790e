package dev.sagamart.payments.reconciliation;

import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.PaymentProvider;
import dev.sagamart.payments.provider.ProviderCharge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Compares what we think we captured and refunded with the provider's own books, payment
 * by payment. What differs is looked at once more, since both sides move meanwhile.
 */
@Service
public class Reconciliation {

	/** More differences than this are reported as first seen. */
	private static final int MAX_SECOND_LOOKS = 500;

	private final PaymentProvider provider;

	private final JdbcClient jdbc;

	Reconciliation(PaymentProvider provider, JdbcClient jdbc) {
		this.provider = provider;
		this.jdbc = jdbc;
	}

	/**
	 * Reconciles all payments.
	 * @return one balance per currency, by currency
	 * @throws dev.sagamart.payments.provider.ProviderUnavailableException if the
	 * provider's books cannot be read
	 */
	public List<Balance> reconcile() {
		Map<String, ProviderCharge> theirs = new HashMap<>();
		this.provider.charges((charge) -> theirs.put(charge.reference(), charge));
		Map<String, Booked> ours = booked();
		Map<String, Balance.Builder> balances = new TreeMap<>();
		int looks = 0;
		for (Map.Entry<String, Booked> entry : ours.entrySet()) {
			ProviderCharge charge = theirs.remove(entry.getKey());
			Booked booked = entry.getValue();
			if (!booked.matches(charge) && looks++ < MAX_SECOND_LOOKS) {
				charge = this.provider.charge(entry.getKey(), booked.captured().currency());
				booked = find(entry.getKey()).orElse(booked);
			}
			add(balances, booked, charge);
		}
		for (ProviderCharge charge : theirs.values()) {
			if (charge.captured().signum() > 0) {
				Booked booked = (looks++ < MAX_SECOND_LOOKS) ? find(charge.reference()).orElse(null) : null;
				add(balances, booked, (booked != null)
						? this.provider.charge(charge.reference(), charge.captured().currency()) : charge);
			}
		}
		return balances.values().stream().map(Balance.Builder::build).toList();
	}

	private static void add(Map<String, Balance.Builder> balances, @Nullable Booked booked,
			@Nullable ProviderCharge charge) {
		if (booked == null && charge == null) {
			return;
		}
		String currency = (booked != null) ? booked.captured().currency()
				: (charge != null) ? charge.captured().currency() : "";
		balances.computeIfAbsent(currency, Balance.Builder::new).add(booked, charge);
	}

	private Map<String, Booked> booked() {
		Map<String, Booked> booked = new HashMap<>();
		this.jdbc.sql("""
				SELECT id, order_id, provider_reference, currency, captured, refunded FROM payment
				WHERE captured > 0""").query((row) -> {
			String currency = row.getString("currency");
			booked.put(row.getString("provider_reference"),
					new Booked(row.getObject("id", UUID.class), row.getObject("order_id", UUID.class),
							row.getString("provider_reference"), new Money(row.getLong("captured"), currency),
							new Money(row.getLong("refunded"), currency), false));
		});
		return booked;
	}

	private Optional<Booked> find(String reference) {
		return this.jdbc
			.sql("""
					SELECT id, order_id, provider_reference, currency, captured, refunded,
					       EXISTS (SELECT FROM operation o WHERE o.payment_id = payment.id AND o.finished_at IS NULL) AS moving
					FROM payment WHERE provider_reference = ?""")
			.param(reference)
			.query((row, _) -> new Booked(row.getObject("id", UUID.class), row.getObject("order_id", UUID.class),
					reference, new Money(row.getLong("captured"), row.getString("currency")),
					new Money(row.getLong("refunded"), row.getString("currency")), row.getBoolean("moving")))
			.optional();
	}

	/**
	 * A payment as we have it.
	 *
	 * @param moving whether the provider is being asked for something
	 */
	record Booked(UUID paymentId, UUID orderId, String reference, Money captured, Money refunded, boolean moving) {

		boolean matches(@Nullable ProviderCharge charge) {
			return charge != null && charge.captured().equals(this.captured) && charge.refunded().equals(this.refunded);
		}

	}

	/** The two books in one currency, and every payment in which they differ. */
	public record Balance(Money captured, Money refunded, Money providerCaptured, Money providerRefunded,
			List<Unmatched> unmatched) {

		/** Adds payments up. */
		private static final class Builder {

			private final List<Unmatched> unmatched = new ArrayList<>();

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

			void add(@Nullable Booked booked, @Nullable ProviderCharge charge) {
				if (booked != null) {
					this.captured = this.captured.plus(booked.captured());
					this.refunded = this.refunded.plus(booked.refunded());
				}
				if (charge != null) {
					this.providerCaptured = this.providerCaptured.plus(charge.captured());
					this.providerRefunded = this.providerRefunded.plus(charge.refunded());
				}
				if (booked == null || !(booked.matches(charge) || booked.moving())) {
					this.unmatched.add(Unmatched.of(booked, charge));
				}
			}

			Balance build() {
				return new Balance(this.captured, this.refunded, this.providerCaptured, this.providerRefunded,
						List.copyOf(this.unmatched));
			}

		}

	}

	/**
	 * A payment in which the books differ; what only one side knows is {@code null} on
	 * the other. A payment that the provider is being asked about is not among them.
	 */
	public record Unmatched(@Nullable UUID paymentId, @Nullable UUID orderId, String providerReference,
			@Nullable Money captured, @Nullable Money refunded, @Nullable Money providerCaptured,
			@Nullable Money providerRefunded) {

		static Unmatched of(@Nullable Booked booked, @Nullable ProviderCharge charge) {
			return new Unmatched((booked != null) ? booked.paymentId() : null,
					(booked != null) ? booked.orderId() : null,
					(booked != null) ? booked.reference() : (charge != null) ? charge.reference() : "",
					(booked != null) ? booked.captured() : null, (booked != null) ? booked.refunded() : null,
					(charge != null) ? charge.captured() : null, (charge != null) ? charge.refunded() : null);
		}

	}

}
