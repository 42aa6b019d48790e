package dev.sagamart.platform.request;

import org.jspecify.annotations.Nullable;

/** The number of items on a page. */
public final class PageSize {

	private static final int DEFAULT = 20;

	private static final int MAX = 100;

	private PageSize() {
	}

	/**
	 * Parses a page size. The default, also for empty text, is 20.
	 * @throws IllegalArgumentException unless it is a whole number between 1 and 100
	 */
	public static int of(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return DEFAULT;
		}
		int size = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
		if (size < 1 || size > MAX) {
			throw new IllegalArgumentException("The page size must be a whole number between 1 and 100");
		}
		return size;
	}

}
