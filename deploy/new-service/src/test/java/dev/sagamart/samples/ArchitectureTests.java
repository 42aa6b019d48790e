package dev.sagamart.samples;

import dev.sagamart.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;

class ArchitectureTests {

	@Test
	void keepsTheHouseRules() {
		assertThatCode(() -> ArchitectureRules.check("dev.sagamart.samples")).doesNotThrowAnyException();
	}

}
