package dev.sagamart.products.stock;

/**
 * How many units of a product there are.
 *
 * @param onHand in the warehouse, reserved ones included
 * @param reserved held for orders that are not confirmed yet
 * @param sold units that confirmed orders bought and did not send back
 */
public record StockLevel(long onHand, long reserved, long sold) {

	public StockLevel {
		if (reserved < 0 || sold < 0 || reserved > onHand) {
			throw new IllegalStateException(
					"Impossible stock: " + onHand + " on hand, " + reserved + " reserved, " + sold + " sold");
		}
	}

	public long available() {
		return this.onHand - this.reserved;
	}

	public Availability availability() {
		return Availability.of(available());
	}

	StockLevel reserve(long quantity) {
		return new StockLevel(this.onHand, this.reserved + quantity, this.sold);
	}

	StockLevel release(long quantity) {
		return new StockLevel(this.onHand, this.reserved - quantity, this.sold);
	}

	StockLevel sell(long quantity) {
		return new StockLevel(this.onHand - quantity, this.reserved - quantity, this.sold + quantity);
	}

	StockLevel takeBack(long quantity) {
		return new StockLevel(this.onHand + quantity, this.reserved, this.sold - quantity);
	}

}
