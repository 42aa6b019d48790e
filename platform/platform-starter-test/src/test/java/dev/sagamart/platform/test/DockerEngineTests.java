package dev.sagamart.platform.test;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DockerEngineTests {

	@Test
	void isDecidedByHandOrByLooking() {
		assertThat(DockerEngine.decide("docker")).isTrue();
		assertThat(DockerEngine.decide("local")).isFalse();
		assertThat(DockerEngine.decide("auto")).isIn(true, false);
		assertThatIllegalArgumentException().isThrownBy(() -> DockerEngine.decide("podman"))
			.withMessageContaining("podman");
	}

}
