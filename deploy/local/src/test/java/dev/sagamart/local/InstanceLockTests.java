package dev.sagamart.local;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InstanceLockTests {

	@TempDir
	Path directory;

	@Test
	void isHeldByOneAtATime() {
		Path file = this.directory.resolve("run").resolve("lock");
		try (InstanceLock first = InstanceLock.take(file)) {
			assertThat(first).isNotNull();
			assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> InstanceLock.take(file))
				.withMessageContaining("already running")
				.withMessageContaining("as process " + ProcessHandle.current().pid());
		}
		InstanceLock.take(file).close();
	}

}
