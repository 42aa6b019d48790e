package dev.sagamart.local;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class JvmTests {

	@TempDir
	Path directory;

	@Test
	void filesDoNotPileUp() throws Exception {
		Path temporary = this.directory.resolve("tmp");
		Files.createDirectories(temporary.resolve("tomcat.8083.4711").resolve("work"));
		Files.writeString(temporary.resolve("liblz4-java-4711.so"), "");
		Path kept = Files.writeString(this.directory.resolve("kept"), "");
		Path log = this.directory.resolve("order-service.log");
		assertThat(Jvm.fileOptions(this.directory, log)).containsExactly("-Djava.io.tmpdir=" + temporary,
				"-XX:ErrorFile=" + log + ".crash", "-XX:ReplayDataFile=" + log + ".replay");
		assertThat(temporary).isEmptyDirectory();
		assertThat(kept).exists();
	}

}
