package dev.sagamart.products.stock;

/** The availability that customers see. */
public enum Availability {

	IN_STOCK, LOW, SOLD_OUT;

	/** The highest number of available units that counts as low. */
	static final long LOW_STOCK = 5;

	public static Availability of(long available) {
		if (available <= 0) {
			return SOLD_OUT;
		}
		return (available <= LOW_STOCK) ? LOW : IN_STOCK;
	}

}
