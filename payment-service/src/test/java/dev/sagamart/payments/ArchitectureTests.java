package dev.sagamart.payments;

import dev.sagamart.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;

class ArchitectureTests {

	@Test
	void keepsTheHouseRules() {
		assertThatCode(() -> ArchitectureRules.check("dev.sagamart.payments")).doesNotThrowAnyException();
	}

}
