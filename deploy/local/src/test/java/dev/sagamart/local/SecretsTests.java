package dev.sagamart.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SecretsTests {

	@TempDir
	Path directory;

	@Test
	void areGeneratedOnceAndReadableByTheOwnerOnly() throws Exception {
		Secrets first = Secrets.loadOrCreate(this.directory);
		Secrets second = Secrets.loadOrCreate(this.directory);
		assertThat(second.passwords()).isEqualTo(first.passwords())
			.containsOnlyKeys(Declaration.current()
				.services()
				.values()
				.stream()
				.map(Declaration.Service::schema)
				.toArray(String[]::new))
			.containsKeys("gateway", "users");
		assertThat(second.superuserPassword()).isEqualTo(first.superuserPassword()).hasSizeGreaterThan(20);
		assertThat(first.of("PAYMENT_PROVIDER_KEY")).startsWith("sk_test_");
		assertThat(second.of("PAYMENT_WEBHOOK_SECRET")).isEqualTo(first.of("PAYMENT_WEBHOOK_SECRET"))
			.startsWith("whsec_");
		assertThat(Base64.getDecoder().decode(first.of("SIGNING_MASTER_KEY"))).hasSize(32);
		assertThat(PosixFilePermissions
			.toString(Files.getPosixFilePermissions(this.directory.resolve("secrets.properties"))))
			.isEqualTo("rw-------");
	}

	@Test
	void areAddedIfAnEarlierVersionHadFewer() throws Exception {
		Secrets first = Secrets.loadOrCreate(this.directory);
		Path file = this.directory.resolve("secrets.properties");
		Files.write(file, Files.readAllLines(file).stream().filter((line) -> !line.startsWith("edge.")).toList());
		Secrets second = Secrets.loadOrCreate(this.directory);
		assertThat(second.of("EDGE_SECRET")).isNotEqualTo(first.of("EDGE_SECRET")).hasSizeGreaterThan(20);
		assertThat(second.of("ORDER_SERVICE_CLIENT_SECRET")).isEqualTo(first.of("ORDER_SERVICE_CLIENT_SECRET"));
	}

	@Test
	void areAllDifferent() {
		Secrets secrets = Secrets.loadOrCreate(this.directory);
		assertThat(secrets.of("EDGE_SECRET")).isNotEqualTo(secrets.of("ORDER_SERVICE_CLIENT_SECRET"));
		assertThat(secrets.passwords().values()).doesNotHaveDuplicates().doesNotContain(secrets.superuserPassword());
	}

	@Test
	void areNotGeneratedAgainForAnExistingDatabase() throws Exception {
		Files.createDirectories(this.directory.resolve("postgres").resolve("cluster"));
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Secrets.loadOrCreate(this.directory))
			.withMessageContaining("--fresh");
	}

	@Test
	void rejectUnknownRoles() {
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.loadOrCreate(this.directory).password("nobody"));
	}

}
