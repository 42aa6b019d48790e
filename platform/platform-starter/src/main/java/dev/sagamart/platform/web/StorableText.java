package dev.sagamart.platform.web;

/** Text that PostgreSQL can store and UTF-8 can carry. */
public final class StorableText {

	private StorableText() {
	}

	/** Whether a text contains neither NUL nor unpaired surrogates. */
	public static boolean isStorable(CharSequence text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == 0 || Character.isLowSurrogate(c)) {
				return false;
			}
			if (Character.isHighSurrogate(c)) {
				i++;
				if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
					return false;
				}
			}
		}
		return true;
	}

}
