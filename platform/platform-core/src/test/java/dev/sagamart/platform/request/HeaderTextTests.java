package dev.sagamart.platform.request;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeaderTextTests {

	@Test
	void acceptsTheSameNamesAsSpring() {
		assertAcceptsTheSame(HeaderText::isName, "[\\p{IsAssigned}&&[^\\p{IsControl}]]*");
	}

	@Test
	void acceptsTheSameValuesAsSpring() {
		assertAcceptsTheSame(HeaderText::isValue, "[\\p{IsAssigned}&&[[^\\p{IsControl}]||\\t]]*");
	}

	@Test
	void acceptsNull() {
		assertThat(HeaderText.isName(null)).isTrue();
		assertThat(HeaderText.isValue(null)).isTrue();
	}

	/** Compares both rules for every code point, unpaired surrogates included. */
	private static void assertAcceptsTheSame(Predicate<String> rule, String springs) {
		Predicate<String> expected = Pattern.compile(springs).asMatchPredicate();
		assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
			.mapToObj((point) -> "a" + Character.toString(point))
			.filter((text) -> rule.test(text) != expected.test(text))).isEmpty();
		assertThat(rule).accepts("", "Bearer abc", "\u00fcber").rejects("a\r\nb", "a\0", "\u007f");
	}

}
