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

	private static final Pattern OURS = Pattern.compile("(?:^|,)\\s*\"([0-9]{1,18})(?:\\.[a-z-]+)?\"");

	private EntityTag() {
	}

	static String of(CatalogueProduct product) {
		return "\"" + product.version() + "." + product.availability().name().toLowerCase(Locale.ROOT).replace('_', '-')
				+ "\"";
	}

	/**
	 * What an {@code If-Match} is content with. Without the header, any version: who does
	 * not ask for protection gets the last word. Weak tags never match (RFC 9110,
	 * 13.1.1).
	 */
	static LongPredicate expected(@Nullable String ifMatch) {
		if (ifMatch == null || ifMatch.strip().equals("*")) {
			return (version) -> true;
		}
		return (version) -> {
			Matcher tags = OURS.matcher(ifMatch);
			while (tags.find()) {
				if (Long.parseLong(tags.group(1)) == version) {
					return true;
				}
			}
			return false;
		};
	}

}
