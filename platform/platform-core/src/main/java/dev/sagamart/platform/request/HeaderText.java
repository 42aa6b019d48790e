package dev.sagamart.platform.request;

import org.jspecify.annotations.Nullable;

/**
 * The characters that a header may contain. The rules are those of Spring's firewall, but
 * without its regular expressions, which are evaluated for every header at every read.
 */
public final class HeaderText {

	private HeaderText() {
	}

	/** Whether a header name is allowed; {@code true} for {@code null}. */
	public static boolean isName(@Nullable String name) {
		return name == null || name.codePoints().allMatch(HeaderText::isAllowed);
	}

	/** Whether a header value is allowed; {@code true} for {@code null}. */
	public static boolean isValue(@Nullable String value) {
		return value == null || value.codePoints().allMatch((point) -> point == '\t' || isAllowed(point));
	}

	private static boolean isAllowed(int point) {
		int type = Character.getType(point);
		return type != Character.UNASSIGNED && type != Character.CONTROL;
	}

}
