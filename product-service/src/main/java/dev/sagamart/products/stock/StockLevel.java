package dev.sagamart.products.stock;

/**
 * The number of units of a product.
 *
 * @param onHand units in the warehouse, reserved ones included
 * @param reserved units that are held for orders that are not confirmed yet
 * @param sold units that confirmed orders bought and did not return
 */
public record StockLevel(long onHand, long reserved, long sold) {

	public StockLevel {
		if (reserved < 0 || sold < 0 || reserved > onHand) {
			throw new IllegalStateException(
					"Inconsistent stock: " + onHand + " on hand, " + reserved + " reserved, " + sold + " sold");
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

	StockLevel restock(long quantity) {
		return new StockLevel(this.onHand + quantity, this.reserved, this.sold - quantity);
	}

}
