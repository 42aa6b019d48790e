package dev.sagamart.platform.web;

/** Text that PostgreSQL can store and UTF-8 can carry. */
public final class StorableText {

	private StorableText() {
	}

	/** Whether a text contains neither NUL nor unpaired surrogates. */
	public static boolean isStorable(CharSequence text) {
		return text.codePoints().noneMatch((point) -> point == 0 || Character.getType(point) == Character.SURROGATE);
	}

}
