package dev.sagamart.platform.security;

/**
 * What a header may consist of: the rules of Spring's firewall, without the regular
 * expressions in which it puts them to every header whenever it is read.
 */
final class HeaderText {

	private HeaderText() {
	}

	static boolean isName(String name) {
		return name.codePoints().allMatch(HeaderText::isAllowed);
	}

	static boolean isValue(String value) {
		return value.codePoints().allMatch((point) -> point == '\t' || isAllowed(point));
	}

	private static boolean isAllowed(int point) {
		int type = Character.getType(point);
		return type != Character.UNASSIGNED && type != Character.CONTROL;
	}

}
