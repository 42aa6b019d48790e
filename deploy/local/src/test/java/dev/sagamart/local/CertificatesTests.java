package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CertificatesTests {

	@Test
	void areCreatedOnceForEachService(@TempDir Path home) throws IOException {
		PlatformConfiguration configuration = configuration("../..", home, "local,demo,tls");
		assertThat(configuration.scheme()).isEqualTo("https");
		Platform.makeCertificates(configuration);
		Path key = configuration.certificates(new PartName("user-service")).resolve("tls.key");
		String made = Files.readString(key);
		Platform.makeCertificates(configuration);
		assertThat(key).hasContent(made);
		for (String service : Declaration.load(Path.of("../..")).services().keySet()) {
			Path directory = configuration.certificates(new PartName(service));
			assertThat(directory.resolve("tls.crt")).isNotEmptyFile();
			assertThat(directory.resolve("ca.crt")).isNotEmptyFile();
		}
	}

	@Test
	void areNotCreatedWithoutTheScript(@TempDir Path home) {
		PlatformConfiguration configuration = configuration(home.toString(), home, "local,demo");
		assertThat(configuration.scheme()).isEqualTo("http");
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Platform.makeCertificates(configuration));
	}

	private static PlatformConfiguration configuration(String root, Path home, String profiles) {
		return Launcher.configuration(List.of("--root", root, "--state-dir", home.toString(), "--profiles", profiles),
				Map.of(), System.out::println);
	}

}
