package dev.sagamart.products.stock;

/** What customers see of the stock. */
public enum Availability {

	IN_STOCK, LOW, SOLD_OUT;

	/** From so many available units on downwards, stock counts as low. */
	static final long LOW_FROM = 5;

	public static Availability of(long available) {
		if (available <= 0) {
			return SOLD_OUT;
		}
		return (available <= LOW_FROM) ? LOW : IN_STOCK;
	}

}
