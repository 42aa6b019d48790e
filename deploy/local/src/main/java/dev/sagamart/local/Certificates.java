package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Path;

/** The certificates of a platform with the profile {@code tls}, kept with its data. */
final class Certificates {

	private Certificates() {
	}

	/** Makes those that are missing. */
	static void make(PlatformConfiguration configuration) {
		Path script = configuration.root().resolve("deploy/tls/make-certificates");
		try {
			Process process = new ProcessBuilder(script.toString(), directory(configuration).toString()).inheritIO()
				.start();
			if (process.waitFor() != 0) {
				throw new PartFailedException(script + " failed; it needs openssl");
			}
		}
		catch (IOException ex) {
			throw new PartFailedException(script + " cannot be run", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PartFailedException("Interrupted while making certificates", ex);
		}
	}

	static Path of(PartName service, PlatformConfiguration configuration) {
		return directory(configuration).resolve(service.text());
	}

	private static Path directory(PlatformConfiguration configuration) {
		return configuration.data().resolve("tls");
	}

}
