package dev.sagamart.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class BinariesTests {

	@TempDir
	Path directory;

	@Test
	void areUnpackedOnce() throws Exception {
		Path postgres = Binaries.postgres(this.directory);
		assertThat(postgres.resolve("bin").resolve("postgres")).isExecutable();
		assertThat(postgres.resolve("bin").resolve("initdb")).isExecutable();
		Path redis = Binaries.redis(this.directory);
		assertThat(redis).isExecutable();
		Files.writeString(postgres.resolve("mark"), "");
		assertThat(Binaries.postgres(this.directory).resolve("mark")).exists();
		assertThat(this.directory).isDirectoryNotContaining("glob:**unpacking*");
	}

	@Test
	void areDeletedAfterALongTimeWithoutAStart() throws Exception {
		FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(91)));
		Path old = Files.createDirectories(this.directory.resolve("embedded-redis-1.0.0-redis-server-6.0-linux-amd64"));
		Path never = Files.createDirectory(this.directory.resolve("unpacking-4711"));
		Path others = Files.createDirectory(this.directory.resolve("of-somebody-else"));
		Path young = Files.createDirectory(this.directory.resolve("unpacking-4712"));
		for (Path directory : List.of(old, never, others)) {
			Files.writeString(directory.resolve("file"), "");
			Files.setLastModifiedTime(directory, longAgo);
		}
		Path used = Binaries.redis(this.directory).getParent();
		assertThat(List.of(old, never)).noneMatch(Files::exists);
		assertThat(List.of(others, young)).allMatch(Files::exists);

		Files.setLastModifiedTime(used, longAgo);
		Binaries.redis(this.directory);
		Binaries.postgres(this.directory);
		assertThat(used).exists();
	}

	@Test
	void reportThatTheyCannotBeUnpacked() throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Binaries.redis(file))
			.withMessageStartingWith("Cannot unpack redis-server");
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> Binaries.unpacked(this.directory, "postgres-amiga.txz", Binaries::untar))
			.withMessageContaining("no postgres-amiga.txz for this machine");
	}

	@Test
	void canBeUnpackedByTwoProcessesAtOnce() throws Exception {
		Path target = Binaries.redis(this.directory).getParent();
		Path mark = Files.writeString(target.resolve("mark"), "");
		Path hidden = Files.move(target, this.directory.resolve("hidden"));
		Binaries.unpacked(this.directory, Binaries.redisResource(mac(), arm()), (content, fresh) -> {
			Files.writeString(fresh.resolve("redis-server"), "");
			move(hidden, target);
		});
		assertThat(mark).exists();
	}

	@ParameterizedTest
	@CsvSource({ "false, false, postgres-linux-x86_64.txz, redis-server-6.2.6-v5-linux-amd64",
			"false, true, postgres-linux-arm_64.txz, redis-server-6.2.7-linux-arm64",
			"true, false, postgres-darwin-x86_64.txz, redis-server-6.2.6-v5-darwin-amd64",
			"true, true, postgres-darwin-arm_64.txz, redis-server-6.2.6-v5-darwin-arm64" })
	void matchTheMachine(boolean mac, boolean arm, String postgres, String redis) {
		assertThat(Binaries.postgresResource(mac, arm)).isEqualTo(postgres);
		assertThat(Binaries.redisResource(mac, arm)).isEqualTo(redis);
	}

	@Test
	void areCachedWhereThePostgresUserCanReadThem() {
		Path home = Path.of(System.getProperty("user.home"), ".cache", "sagamart");
		assertThat(Binaries.cache("/chosen", true, this.directory)).isEqualTo(Path.of("/chosen"));
		assertThat(Binaries.cache(null, true, this.directory)).isEqualTo(this.directory.resolve("sagamart"));
		assertThat(Binaries.cache(" ", false, this.directory)).isEqualTo(home);
		assertThat(Binaries.cache(null, true, this.directory.resolve("gone"))).isEqualTo(home);
	}

	@Test
	void rejectsAnArchiveEntryOutsideOfItsDirectory() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			try (InputStream archive = BinariesTests.class.getResourceAsStream("outside.txz")) {
				Binaries.untar(archive, this.directory.resolve("inside"));
			}
		}).withMessageContaining("outside of its directory");
	}

	@Test
	void postgresDoesNotRunAsRoot() throws Exception {
		assertThat(Unprivileged.mode(false, null)).isEqualTo(Unprivileged.Mode.SAME_USER);
		assertThat(Unprivileged.mode(true, "65534\n")).isEqualTo(Unprivileged.Mode.USER_NAMESPACE);
		assertThat(Unprivileged.mode(true, "0\n")).isEqualTo(Unprivileged.Mode.NOBODY);
		assertThat(Unprivileged.mode(true, null)).isEqualTo(Unprivileged.Mode.NOBODY);
		assertThat(Unprivileged.prefix(Unprivileged.Mode.SAME_USER, this.directory)).isEmpty();
		assertThat(Unprivileged.prefix(Unprivileged.Mode.USER_NAMESPACE, this.directory)).startsWith("unshare");
	}

	@Test
	void nobodyMustBeAbleToReachTheData() throws Exception {
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> Unprivileged.prefix(Unprivileged.Mode.NOBODY, this.directory.resolve("gone")))
			.withMessageContaining("the user nobody cannot write");
		assumeTrue(Unprivileged.isRoot(), "only root can give files away");
		Path data = Files.createDirectories(this.directory.resolve("data"));
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> Unprivileged.prefix(Unprivileged.Mode.NOBODY, data));
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		assertThat(Unprivileged.prefix(Unprivileged.Mode.NOBODY, data)).startsWith("setpriv");
	}

	private static boolean mac() {
		return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
	}

	private static boolean arm() {
		return System.getProperty("os.arch").equals("aarch64");
	}

	private static void move(Path from, Path to) throws IOException {
		Files.move(from, to);
	}

	@ParameterizedTest
	@ValueSource(strings = { "$HOME", "`id`", "a \"b\"" })
	void rejectsADirectoryFromWhichPostgresCannotStart(String name) {
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> Binaries.postgres(this.directory.resolve(name)))
			.withMessageContaining("SAGAMART_CACHE");
	}

}
