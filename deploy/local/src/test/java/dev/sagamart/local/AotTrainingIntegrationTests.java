package dev.sagamart.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotTrainingIntegrationTests {

	@TempDir
	private Path directory;

	private Path app;

	@BeforeEach
	void createAppDirectory() throws Exception {
		this.app = Files.createDirectories(this.directory.resolve("app"));
		Files.move(FakeService.jar(this.directory.resolve("order-service")), this.app.resolve("app.jar"));
		Files.writeString(this.app.resolve("options"), "-Xmx64m\n-XX:+UseSerialGC\n");
	}

	@Test
	void createsTheCacheAndAddsTheOption() throws Exception {
		Files.createDirectory(this.app.resolve("lib"));

		assertThat(AotTraining.train(this.app)).isTrue();

		Path cache = this.app.resolve("cache").resolve("app.aot");
		assertThat(cache).isNotEmptyFile();
		assertThat(this.app.resolve("options")).content().endsWith("-XX:AOTCache=" + cache.toAbsolutePath() + "\n");
	}

	@Test
	void failsIfTheServiceDoesNotStart() throws Exception {
		Files.createDirectory(this.app.resolve("lib"));
		Files.writeString(this.app.resolve("app.jar"), "not a jar");
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		PrintStream before = System.err;
		System.setErr(new PrintStream(output, true, StandardCharsets.UTF_8));
		try {
			assertThat(AotTraining.train(this.app)).isFalse();
		}
		finally {
			System.setErr(before);
		}
		assertThat(output.toString(StandardCharsets.UTF_8)).contains("app.jar");
		assertThat(this.app.resolve("options")).content().doesNotContain("AOTCache");
	}

	@Test
	void usesNoMoreMemoryThanAContainer() throws Exception {
		Files.createDirectory(this.app.resolve("lib"));
		Files.writeString(this.app.resolve("options"), "-XX:MaxRAMPercentage=40\n-XX:+UseSerialGC\n");

		assertThat(AotTraining.train(this.app)).isTrue();

		assertThat(this.app.resolve("options")).content().doesNotContain("MaxRAM=");
	}

	@Test
	void createsNoCacheForAProgramThatIsNotASpringApplication() throws Exception {
		assertThat(AotTraining.train(this.app)).isTrue();
		assertThat(this.app.resolve("cache")).isEmptyDirectory();
	}

}
