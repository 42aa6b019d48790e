package dev.sagamart.local;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ServiceJarTests {

	@TempDir
	Path directory;

	@Test
	void isTheOneThatMavenBuilt() throws Exception {
		Path module = this.directory.resolve("order-service");
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> ServiceJar.built(module))
			.withMessageContaining("order-service is not built");
		Path jar = FakeService.jar(module);
		Files.writeString(jar.resolveSibling("order-service-1.0.0-SNAPSHOT-sources.jar"), "");
		Files.writeString(jar.resolveSibling("order-service-1.0.0-SNAPSHOT.jar.original"), "");
		assertThat(ServiceJar.built(module)).isEqualTo(jar);
		Files.delete(jar);
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> ServiceJar.built(module));
	}

	@Test
	void isUnpackedOncePerBuild() throws Exception {
		Path jar = FakeService.jar(this.directory.resolve("order-service"));
		Path target = this.directory.resolve("app");
		ServiceJar first = ServiceJar.unpacked(jar, target);
		assertThat(first.file()).exists();
		assertThat(ServiceJar.unpacked(jar, target)).isEqualTo(first);
		FileTime time = Files.getLastModifiedTime(jar);
		try (FileSystem inside = FileSystems.newFileSystem(jar)) {
			Files.writeString(inside.getPath("changed"), "");
		}
		Files.setLastModifiedTime(jar, time);
		ServiceJar second = ServiceJar.unpacked(jar, target);
		assertThat(second.key()).isNotEqualTo(first.key());
		assertThat(first.file()).doesNotExist();
	}

	@Test
	void mustBeAnApplication() throws Exception {
		Path jar = Files.writeString(this.directory.resolve("no.jar"), "not a jar");
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> ServiceJar.unpacked(jar, this.directory.resolve("app")))
			.withMessageContaining("build it again");
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> ServiceJar.unpacked(this.directory.resolve("gone.jar"), this.directory.resolve("app")))
			.withMessageContaining("Cannot unpack");
	}

	@Test
	void usesAnAheadOfTimeCacheOnceItIsCreated() throws Exception {
		ServiceJar jar = ServiceJar.unpacked(FakeService.jar(this.directory.resolve("order-service")),
				this.directory.resolve("app"));
		AotCache cache = new AotCache(this.directory.resolve("aot"));
		List<String> options = List.of("-XX:+UseSerialGC");
		assertThat(cache.options("order-service", jar, options, Map.of())).isEmpty();
		cache.createMissing(this.directory.resolve("log").resolve("aot.log"));
		List<String> found = cache.options("order-service", jar, options, Map.of());
		assertThat(found).singleElement().asString().startsWith("-XX:AOTCache=").endsWith(".aot");
		assertThat(cache.options("order-service", jar, List.of("-Xmx64m"), Map.of())).isEmpty();
	}

	@Test
	void usesNoCacheThatCannotBeCreated() {
		AotCache cache = new AotCache(this.directory.resolve("aot"));
		ServiceJar gone = new ServiceJar(this.directory.resolve("gone.jar"), "key");
		cache.options("order-service", gone, List.of(), Map.of());
		cache.createMissing(this.directory.resolve("log").resolve("aot.log"));
		assertThat(cache.options("order-service", gone, List.of(), Map.of())).isEmpty();
		cache.stop();
		cache.createMissing(this.directory.resolve("log").resolve("aot.log"));
		assertThat(cache.options("order-service", gone, List.of(), Map.of())).isEmpty();
	}

}
