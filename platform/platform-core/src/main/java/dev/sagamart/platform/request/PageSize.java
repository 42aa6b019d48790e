package dev.sagamart.platform.request;

import org.jspecify.annotations.Nullable;

/** How many items of a list a client gets at once. */
public final class PageSize {

	private static final int DEFAULT = 20;

	private static final int MAX = 100;

	private PageSize() {
	}

	/**
	 * Reads a size; none, or an empty one, is 20.
	 * @throws IllegalArgumentException unless it is a whole number between 1 and 100
	 */
	public static int of(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return DEFAULT;
		}
		int size = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
		if (size < 1 || size > MAX) {
			throw new IllegalArgumentException("No size of a page");
		}
		return size;
	}

}
