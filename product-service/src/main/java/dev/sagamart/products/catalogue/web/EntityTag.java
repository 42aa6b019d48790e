package dev.sagamart.products.catalogue.web;

import dev.sagamart.products.catalogue.CatalogueProduct;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ETag} of a product. It contains the version and the availability, because
 * both are a part of the response. The precondition of a write only compares the version,
 * so an order for the last unit does not make the write stale.
 */
final class EntityTag {

	private static final Pattern TAG = Pattern.compile("(?:^|,)\\s*(W/)?\"([0-9]{1,18})(?:\\.[a-z-]+)?\"");

	private EntityTag() {
	}

	static String of(CatalogueProduct product) {
		return "\"" + product.version() + "." + product.availability().name().toLowerCase(Locale.ROOT).replace('_', '-')
				+ "\"";
	}

	/**
	 * Returns which versions a write may overwrite according to its {@code If-Match} and
	 * {@code If-None-Match} headers; any version if both are missing. Weak tags never
	 * match in {@code If-Match}, but do in {@code If-None-Match} (RFC 9110, 13.1).
	 */
	static LongPredicate precondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
		return (version) -> (ifMatch == null || matches(ifMatch, version, false))
				&& (ifNoneMatch == null || !matches(ifNoneMatch, version, true));
	}

	private static boolean matches(String header, long version, boolean allowWeak) {
		return header.strip().equals("*") || TAG.matcher(header)
			.results()
			.anyMatch((tag) -> Long.parseLong(tag.group(2)) == version && (allowWeak || tag.group(1) == null));
	}

}
