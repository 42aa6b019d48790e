package dev.sagamart.products.stock;

import dev.sagamart.events.Money;
import java.math.BigDecimal;
import java.util.Currency;

/**
 * The data of a product that a reservation depends on.
 *
 * @param active whether customers can still buy it
 */
record Offer(String name, Money price, boolean active) {

	/** The price in a readable form: {@code 19.99 EUR}. */
	String displayPrice() {
		int digits = Currency.getInstance(this.price.currency()).getDefaultFractionDigits();
		return BigDecimal.valueOf(this.price.amount(), digits).toPlainString() + " " + this.price.currency();
	}

}
