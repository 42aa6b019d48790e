package dev.sagamart.products.catalogue;

/**
 * A category: it exists as long as a product uses it.
 *
 * @param slug its name, {@code [a-z0-9-]{1,40}}
 * @param products how many products of it are sold
 */
public record Category(String slug, long products) {

	/** What a slug looks like, as a regular expression. */
	public static final String SLUG = "[a-z0-9-]{1,40}";

}
