package dev.sagamart.products.catalogue;

/**
 * A category. It exists as long as an active product uses it.
 *
 * @param slug the name, {@code [a-z0-9-]{1,40}}
 * @param products the number of active products in it
 */
public record Category(String slug, long products) {

	/** The regular expression for slugs. */
	public static final String SLUG = "[a-z0-9-]{1,40}";

}
