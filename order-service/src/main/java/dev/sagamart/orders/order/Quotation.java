package dev.sagamart.orders.order;

import dev.sagamart.events.ChargeableCurrency;
import dev.sagamart.events.Money;
import dev.sagamart.orders.pricing.Prices;
import dev.sagamart.orders.pricing.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What an order costs, line by line, or why it cannot be placed at all. */
public sealed interface Quotation {

	/** The lines in the order in which they were asked for. */
	record Quoted(List<Order.Line> lines) implements Quotation {
	}

	/** Some of the products are not sold (any more). */
	record NotSold(Set<UUID> productIds) implements Quotation {
	}

	/** We never heard of one of the products, and product-service cannot be asked. */
	record PriceUnknown() implements Quotation {
	}

	/** The products do not all have the same currency. */
	record MixedCurrencies() implements Quotation {
	}

	/** The total is more than anybody can be charged. */
	record TotalTooLarge() implements Quotation {
	}

	/** Nobody can be charged that total, as when its currency is no longer in use. */
	record NotChargeable(Money total) implements Quotation {
	}

	/**
	 * Prices an order.
	 * @param quantities by the ids of the products, at least one
	 * @param prices of these products
	 */
	static Quotation of(SequencedMap<UUID, Integer> quantities, Prices prices) {
		Set<UUID> notSold = quantities.keySet().stream().filter(prices::isNotSold).collect(Collectors.toSet());
		if (!notSold.isEmpty()) {
			return new NotSold(notSold);
		}
		if (!prices.unknown().isEmpty()) {
			return new PriceUnknown();
		}
		if (prices.currencies().size() > 1) {
			return new MixedCurrencies();
		}
		List<Order.Line> lines = new ArrayList<>();
		for (Map.Entry<UUID, Integer> item : quantities.sequencedEntrySet()) {
			Quote quote = Objects.requireNonNull(prices.quotes().get(item.getKey()));
			lines.add(new Order.Line(item.getKey(), quote.name(), quote.unitPrice(), item.getValue()));
		}
		try {
			return of(lines, Order.totalOf(lines));
		}
		catch (ArithmeticException ex) {
			return new TotalTooLarge();
		}
	}

	/** Each product was chargeable when it was priced; their total need not be. */
	private static Quotation of(List<Order.Line> lines, Money total) {
		ChargeableCurrency currency = ChargeableCurrency.find(total.currency()).orElse(null);
		if (currency == null || !currency.divides(total.amount())) {
			return new NotChargeable(total);
		}
		return (total.amount() > currency.largest()) ? new TotalTooLarge() : new Quoted(lines);
	}

}
