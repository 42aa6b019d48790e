package dev.sagamart.local;

import java.nio.file.Path;

/** The certificates of a platform with profile {@code tls}, stored with its data. */
final class Certificates {

	private Certificates() {
	}

	static void make(PlatformConfiguration configuration) {
		Path script = configuration.root().resolve("deploy/tls/make-certificates");
		ChildProcess.run(script + " (it needs openssl)",
				new ProcessBuilder(script.toString(), directory(configuration).toString()));
	}

	static Path of(PartName service, PlatformConfiguration configuration) {
		return directory(configuration).resolve(service.text());
	}

	private static Path directory(PlatformConfiguration configuration) {
		return configuration.data().resolve("tls");
	}

}
