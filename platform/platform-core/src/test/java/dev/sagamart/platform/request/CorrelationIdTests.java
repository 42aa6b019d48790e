package dev.sagamart.platform.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CorrelationIdTests {

	@Test
	void keepsAWellFormedId() {
		String longest = "x".repeat(64);
		assertThat(CorrelationId.of("a.B_9-")).isEqualTo("a.B_9-");
		assertThat(CorrelationId.of(longest)).isEqualTo(longest);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "a b", "a,b", "a\n", "\u00e4",
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" })
	void replacesAnyOtherId(String sent) {
		assertThat(CorrelationId.of(sent)).hasSize(36).isNotEqualTo(CorrelationId.of(sent));
	}

}
