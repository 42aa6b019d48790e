package dev.sagamart.platform.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PageTests {

	@Test
	void aTokenContainsItsKey() {
		List<String> key = List.of("K\u00fcche", "", "17");
		assertThat(PageToken.keyOf("/products", PageToken.of("/products", key))).isEqualTo(key);
	}

	@Test
	void aTokenIsValidForItsListOnly() {
		String token = PageToken.of("/products", List.of("17"));
		assertThatIllegalArgumentException().isThrownBy(() -> PageToken.keyOf("/orders", token));
	}

	@Test
	void aChangedTokenIsInvalid() {
		String token = PageToken.of("/products", List.of("17"));
		for (String changed : List.of(token + "A", token.substring(1), token.substring(0, token.length() - 1),
				token + "=", "", "AAAA", "?", "A".repeat(4097))) {
			assertThatIllegalArgumentException().as(changed).isThrownBy(() -> PageToken.keyOf("/products", changed));
		}
	}

	@ParameterizedTest
	@CsvSource({ ", 20", "'', 20", "1, 1", "007, 7", "100, 100" })
	void parsesThePageSizeWithDefaultTwenty(String text, int size) {
		assertThat(PageSize.of(text)).isEqualTo(size);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "101", "-1", "+1", "1.0", " ", "x", "\u0661", "1000", "99999999999" })
	void refusesAnyOtherPageSize(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> PageSize.of(text));
	}

}
