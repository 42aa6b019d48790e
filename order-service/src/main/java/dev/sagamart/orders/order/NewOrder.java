package dev.sagamart.orders.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.Money;
import java.util.List;
import java.util.UUID;

/** What a buyer asks for, priced by us, about to be accepted. */
public record NewOrder(UUID id, UUID userId, List<Order.Line> lines, Money total, Address shippingAddress,
		String paymentMethod) {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	public NewOrder {
		lines = List.copyOf(lines);
	}

	/**
	 * Totals the lines, of which there is at least one.
	 * @throws ArithmeticException if the total is more than can be counted
	 * @throws IllegalArgumentException if the lines are of more than one currency
	 */
	public static NewOrder of(UUID userId, List<Order.Line> lines, Address shippingAddress, String paymentMethod) {
		Money total = lines.stream().map(Order.Line::total).reduce(Money::plus).orElseThrow();
		return new NewOrder(IDS.generate(), userId, lines, total, shippingAddress, paymentMethod);
	}

}
