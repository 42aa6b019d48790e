package dev.sagamart.platform.request;

import org.jspecify.annotations.Nullable;

/**
 * What a header may consist of: the rules of Spring's firewall, without the regular
 * expressions in which it puts them to every header whenever it is read.
 */
public final class HeaderText {

	private HeaderText() {
	}

	/** Whether it is a name, or there is none. */
	public static boolean isName(@Nullable String name) {
		return name == null || name.codePoints().allMatch(HeaderText::isAllowed);
	}

	/** Whether it is a value, or there is none. */
	public static boolean isValue(@Nullable String value) {
		return value == null || value.codePoints().allMatch((point) -> point == '\t' || isAllowed(point));
	}

	private static boolean isAllowed(int point) {
		int type = Character.getType(point);
		return type != Character.UNASSIGNED && type != Character.CONTROL;
	}

}
