package dev.sagamart.products.catalogue.web;

import dev.sagamart.products.catalogue.CatalogueProduct;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ETag} of a product: its version and its availability, because both are part
 * of what is shown. A write depends on the version alone, which is what it would
 * overwrite; that an order took the last unit meanwhile does not make it stale.
 */
final class EntityTag {

	private static final Pattern OURS = Pattern.compile("(?:^|,)\\s*(W/)?\"([0-9]{1,18})(?:\\.[a-z-]+)?\"");

	private EntityTag() {
	}

	static String of(CatalogueProduct product) {
		return "\"" + product.version() + "." + product.availability().name().toLowerCase(Locale.ROOT).replace('_', '-')
				+ "\"";
	}

	/**
	 * The versions that a write may overwrite, as {@code If-Match} and
	 * {@code If-None-Match} have it. Without them, any: who does not ask for protection
	 * gets the last word. Weak tags never match in the one, and do in the other (RFC
	 * 9110, 13.1).
	 */
	static LongPredicate expected(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
		return (version) -> (ifMatch == null || names(ifMatch, version, false))
				&& (ifNoneMatch == null || !names(ifNoneMatch, version, true));
	}

	private static boolean names(String header, long version, boolean alsoWeakly) {
		if (header.strip().equals("*")) {
			return true;
		}
		Matcher tags = OURS.matcher(header);
		while (tags.find()) {
			if (Long.parseLong(tags.group(2)) == version && (alsoWeakly || tags.group(1) == null)) {
				return true;
			}
		}
		return false;
	}

}
