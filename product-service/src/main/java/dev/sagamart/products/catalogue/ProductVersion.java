package dev.sagamart.products.catalogue;

/**
 * Which state of a product something is about. Neither number ever falls, and a read
 * takes both from one snapshot.
 *
 * @param product grows with every change of the product
 * @param stock grows with every change of its stock; 0 if that is not known
 */
record ProductVersion(long product, long stock) {

	boolean isOlderThan(ProductVersion other) {
		return this.product < other.product || this.stock < other.stock;
	}

	ProductVersion newer(ProductVersion other) {
		return new ProductVersion(Math.max(this.product, other.product), Math.max(this.stock, other.stock));
	}

}
