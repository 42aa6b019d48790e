package dev.sagamart.products.stock;

import dev.sagamart.events.Money;
import java.math.BigDecimal;
import java.util.Currency;

/**
 * A product as far as a reservation depends on it.
 *
 * @param active whether it can still be bought
 */
record Offer(String name, Money price, boolean active) {

	/** The price for people: {@code 19.99 EUR}. */
	String displayPrice() {
		int digits = Currency.getInstance(this.price.currency()).getDefaultFractionDigits();
		return BigDecimal.valueOf(this.price.amount(), digits).toPlainString() + " " + this.price.currency();
	}

}
