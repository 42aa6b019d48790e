package dev.sagamart.platform.request;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeaderTextTests {

	@Test
	void takesTheNamesThatSpringTakes() {
		assertTakesTheSame(HeaderText::isName, "[\\p{IsAssigned}&&[^\\p{IsControl}]]*");
	}

	@Test
	void takesTheValuesThatSpringTakes() {
		assertTakesTheSame(HeaderText::isValue, "[\\p{IsAssigned}&&[[^\\p{IsControl}]||\\t]]*");
	}

	@Test
	void asksForNothingThatIsNotThere() {
		assertThat(HeaderText.isName(null)).isTrue();
		assertThat(HeaderText.isValue(null)).isTrue();
	}

	/** Every character there is, surrogates without their other half among them. */
	private static void assertTakesTheSame(Predicate<String> rule, String springs) {
		Predicate<String> expected = Pattern.compile(springs).asMatchPredicate();
		assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
			.mapToObj((point) -> "a" + Character.toString(point))
			.filter((text) -> rule.test(text) != expected.test(text))).isEmpty();
		assertThat(rule).accepts("", "Bearer abc", "\u00fcber").rejects("a\r\nb", "a\0", "\u007f");
	}

}
