package dev.sagamart.products.catalogue;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a list of products is to contain, and in which order.
 *
 * @param words to be found in the text of a product, however they are written there:
 * case, accents and punctuation make no difference, and the last one may be a beginning
 * @param category only products of it
 */
public record ProductSearch(@Nullable String words, @Nullable String category, Order order) {

	private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

	private static String matching(String text, String pattern) {
		if (!text.matches(pattern)) {
			throw new IllegalArgumentException("Nothing that a page ended with");
		}
		return text;
	}

	/**
	 * An order of the list; the id decides between equals, so that every order is total.
	 */
	public enum Order {

		NAME("p.sort_name", "text", false),

		PRICE("p.price_amount", "bigint", false),

		PRICE_DESCENDING("p.price_amount", "bigint", true),

		NEWEST("p.id", "uuid", true),

		/** Needs words. */
		RELEVANCE("ts_rank(p.search_words, (SELECT search_query(:words)))", "real", true);

		private final String key;

		private final String type;

		private final boolean descending;

		Order(String key, String type, boolean descending) {
			this.key = key;
			this.type = type;
			this.descending = descending;
		}

		String key() {
			return this.key;
		}

		String orderBy() {
			String direction = this.descending ? " DESC" : "";
			return this.key + direction + ", p.id" + direction;
		}

		String startsAfter() {
			return "(" + this.key + ", p.id) " + (this.descending ? "<" : ">") + " (CAST(:key AS " + this.type
					+ "), :id)";
		}

		/**
		 * A value of the order's key, as the database takes it.
		 * @throws IllegalArgumentException if it can be none
		 */
		Object keyValue(String text) {
			return switch (this) {
				case NAME -> text;
				case PRICE, PRICE_DESCENDING -> Long.parseLong(matching(text, "[0-9]{1,19}"));
				case NEWEST -> UUID.fromString(matching(text, ID));
				case RELEVANCE -> Float.parseFloat(matching(text, "[0-9]{1,9}(\\.[0-9]{1,20})?(e-[0-9]{1,2})?"));
			};
		}

	}

	/**
	 * Where a page ended.
	 *
	 * @param key the last item's value of the order's key
	 */
	public record Position(Order order, String key, UUID id) {

		/**
		 * Reads what {@link #toKey()} wrote.
		 * @throws RuntimeException for anything else, and for a position in another order
		 */
		public static Position of(List<String> parts, Order order) {
			if (parts.size() != 3 || Order.valueOf(parts.getFirst()) != order) {
				throw new IllegalArgumentException("Not a position in " + order);
			}
			order.keyValue(parts.get(1));
			return new Position(order, parts.get(1), UUID.fromString(matching(parts.get(2), ID)));
		}

		public List<String> toKey() {
			return List.of(this.order.name(), this.key, this.id.toString());
		}

	}

	/** A product in a list, and where in the list it stands. */
	public record Found(CatalogueProduct product, Position position) {
	}

}
