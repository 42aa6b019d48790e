package dev.sagamart.platform;

import dev.sagamart.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void thePlatformKnowsNoService() {
		ArchitectureRules.checkPlatform();
	}

}
