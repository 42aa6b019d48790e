package dev.sagamart.simulator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Starts the simulator as a process. Environment: {@code HOST} (127.0.0.1), {@code PORT}
 * (18090), {@code DATA_DIR} (payment-simulator-data), {@code API_KEY} (any key is
 * accepted without it), {@code FAULTS_TOKEN} (without it, faults can be switched on a
 * loopback address only), {@code WEBHOOK_URL} and {@code WEBHOOK_SECRET} or
 * {@code WEBHOOK_SECRET_FILE} (no webhooks without both), {@code WEBHOOK_CA} (a file of
 * the certificates to trust there).
 */
public final class Main {

	private Main() {
	}

	public static void main(String[] args) throws IOException, GeneralSecurityException {
		// SQLite's native code is unpacked beside the books: nothing can be run from a
		// container's directory for temporary files.
		Path directory = Files.createDirectories(dataDirectory(System.getenv()));
		System.setProperty("org.sqlite.tmpdir", directory.toAbsolutePath().toString());
		String authority = value(System.getenv(), "WEBHOOK_CA");
		if (authority != null) {
			SSLContext.setDefault(Webhooks.trusting(Path.of(authority)));
		}
		PaymentSimulator simulator = start(System.getenv());
		Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(simulator::close));
		System.out.println("Payment simulator listens on " + simulator.url());
	}

	static PaymentSimulator start(Map<String, String> environment) throws IOException {
		String url = value(environment, "WEBHOOK_URL");
		String file = value(environment, "WEBHOOK_SECRET_FILE");
		String secret = (file != null) ? Files.readString(Path.of(file)).strip() : value(environment, "WEBHOOK_SECRET");
		return PaymentSimulator.start(environment.getOrDefault("HOST", "127.0.0.1"),
				Integer.parseInt(environment.getOrDefault("PORT", "18090")), dataDirectory(environment),
				InstantSource.system(), (simulator) -> {
					simulator.requireKey(value(environment, "API_KEY"));
					simulator.requireFaultsToken(value(environment, "FAULTS_TOKEN"));
					if (url != null && secret != null) {
						simulator.sendWebhooks(URI.create(url), secret);
					}
				});
	}

	private static Path dataDirectory(Map<String, String> environment) {
		return Path.of(environment.getOrDefault("DATA_DIR", "payment-simulator-data"));
	}

	/** A variable that is empty is as good as none. */
	private static @Nullable String value(Map<String, String> environment, String name) {
		String value = environment.get(name);
		return (value == null || value.isBlank()) ? null : value;
	}

}
