package dev.sagamart.platform.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.context.MergedContextConfiguration;
import org.testcontainers.containers.GenericContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DockerEngineTests {

	@Test
	void canBeChosenOrDetected() {
		assertThat(DockerEngine.decide("docker")).isTrue();
		assertThat(DockerEngine.decide("local")).isFalse();
		assertThat(DockerEngine.decide("auto")).isIn(true, false);
		assertThatIllegalArgumentException().isThrownBy(() -> DockerEngine.decide("podman"))
			.withMessageContaining("podman");
	}

	@Test
	void isDetectedByItsSocketOrConfiguration(@TempDir Path home) throws Exception {
		Path socket = home.resolve("docker.sock");
		assertThat(DockerEngine.mayBeThere(null, socket, home)).isFalse();
		assertThat(DockerEngine.mayBeThere("tcp://elsewhere", socket, home)).isTrue();
		Files.writeString(home.resolve(".testcontainers.properties"), "");
		assertThat(DockerEngine.mayBeThere(null, socket, home)).isTrue();
	}

	@Test
	void aContainerListensOnTheGivenPort() {
		try (GenericContainer<?> redis = new GenericContainer<>("redis:8")) {
			Backend backend = Backend.container(redis, 6379, 16380, (host, port) -> true);
			assertThat(backend.port()).isEqualTo(16380);
			assertThat(redis.getPortBindings()).singleElement().asString().startsWith("16380:6379");
		}
	}

	@Test
	void startWaitsUntilTheContainerAnswers() {
		AtomicInteger tries = new AtomicInteger();
		try (FakeContainer redis = new FakeContainer()) {
			Backend
				.container(redis, 6379, 16380,
						(host, port) -> host.equals("localhost") && port == 16380 && tries.incrementAndGet() > 2)
				.start()
				.run();
			assertThat(redis.starts).isEqualTo(1);
			assertThat(tries).hasValue(3);
		}
	}

	@Test
	void testsWithoutTheAnnotationGetNoServers() {
		TestServersContextCustomizerFactory factory = new TestServersContextCustomizerFactory();
		assertThat(factory.createContextCustomizer(DockerEngineTests.class, List.of())).isNull();
		assertThat(factory.createContextCustomizer(Slice.class, List.of())).isNotNull()
			.isNotEqualTo(factory.createContextCustomizer(Whole.class, List.of()));
	}

	@Test
	void aSliceKeepsItsPorts() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			new TestServersContextCustomizerFactory().createContextCustomizer(Slice.class, List.of())
				.customizeContext(context, new MergedContextConfiguration(Slice.class, new String[0], new Class<?>[0],
						new String[0], null));
			assertThat(context.getEnvironment().getProperty("management.server.port")).isNull();
			assertThat(context.getEnvironment().getProperty("JWKS_URI")).isEqualTo(TestTokens.shared().jwksUri());
			assertThat(context.getEnvironment().getProperty("SOMETHING_ELSE")).isNull();
		}
	}

	@Test
	void removesDirectoriesOfKilledTests() throws Exception {
		Process gone = new ProcessBuilder("true").start();
		gone.waitFor();
		Path root = Path.of(System.getProperty("java.io.tmpdir"));
		Path abandoned = Files.createDirectories(root.resolve("sagamart-test-" + gone.pid()).resolve("run"));
		Path used = TestDirectories.create();
		assertThat(abandoned.getParent()).doesNotExist();
		assertThat(used).exists();
	}

	/** A container that needs no Docker engine. */
	private static final class FakeContainer extends GenericContainer<FakeContainer> {

		int starts;

		FakeContainer() {
			super("redis:8");
		}

		@Override
		public void start() {
			this.starts++;
		}

		@Override
		public String getHost() {
			return "localhost";
		}

	}

	@WithTestServers
	static final class Slice {

	}

	@PlatformTest
	static final class Whole {

	}

}
