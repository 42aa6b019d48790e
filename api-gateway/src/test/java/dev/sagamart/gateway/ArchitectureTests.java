package dev.sagamart.gateway;

import dev.sagamart.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;

class ArchitectureTests {

	@Test
	void followsTheArchitectureRules() {
		assertThatCode(() -> ArchitectureRules.checkEdge("dev.sagamart.gateway")).doesNotThrowAnyException();
	}

}
