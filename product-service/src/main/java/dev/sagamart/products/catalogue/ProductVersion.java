package dev.sagamart.products.catalogue;

/**
 * The version of a product and of its stock. Neither number ever decreases, and a read
 * takes both from one snapshot.
 *
 * @param product grows with every change of the product; 0 if it is not known
 * @param stock grows with every change of its stock; 0 if it is not known
 */
record ProductVersion(long product, long stock) {

	boolean isOlderThan(ProductVersion other) {
		return this.product < other.product || this.stock < other.stock;
	}

	ProductVersion newer(ProductVersion other) {
		return new ProductVersion(Math.max(this.product, other.product), Math.max(this.stock, other.stock));
	}

}
