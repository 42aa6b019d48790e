package dev.sagamart.products.catalogue;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A search for products.
 *
 * @param words words in the text of a product, {@code null} for any text; case, accents
 * and punctuation are ignored, and the last word may be the beginning of a word
 * @param category the slug of a category, {@code null} for any category
 */
public record ProductSearch(@Nullable String words, @Nullable String category, Order order) {

	private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

	private static String requireMatch(String text, String pattern) {
		if (!text.matches(pattern)) {
			throw new IllegalArgumentException("Not a part of a page position: " + text);
		}
		return text;
	}

	/** The sort order. Every order is total, because equal keys are sorted by id. */
	public enum Order {

		NAME("p.sort_name", "text", false),

		PRICE("p.price_amount", "bigint", false),

		PRICE_DESCENDING("p.price_amount", "bigint", true),

		NEWEST("p.id", "uuid", true),

		/** Only for a search with words. */
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
		 * Converts a sort key to the type of the database.
		 * @throws IllegalArgumentException if it is not a valid key of this order
		 */
		Object keyValue(String text) {
			return switch (this) {
				case NAME -> text;
				case PRICE, PRICE_DESCENDING -> Long.parseLong(requireMatch(text, "[0-9]{1,19}"));
				case NEWEST -> UUID.fromString(requireMatch(text, ID));
				case RELEVANCE -> Float.parseFloat(requireMatch(text, "[0-9]{1,9}(\\.[0-9]{1,20})?(e-[0-9]{1,2})?"));
			};
		}

	}

	/**
	 * The position of the last product on a page.
	 *
	 * @param key its sort key
	 */
	public record Position(Order order, String key, UUID id) {

		/**
		 * Reads the result of {@link #toKey()}.
		 * @throws RuntimeException for invalid input or a position in another order
		 */
		public static Position of(List<String> parts, Order order) {
			if (parts.size() != 3 || Order.valueOf(parts.getFirst()) != order) {
				throw new IllegalArgumentException("Not a position in " + order);
			}
			order.keyValue(parts.get(1));
			return new Position(order, parts.get(1), UUID.fromString(requireMatch(parts.get(2), ID)));
		}

		public List<String> toKey() {
			return List.of(this.order.name(), this.key, this.id.toString());
		}

	}

	/** A product and its position in the list. */
	public record Found(CatalogueProduct product, Position position) {
	}

}
