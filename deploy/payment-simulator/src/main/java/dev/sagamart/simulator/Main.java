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
 * Main class of the simulator. Environment variables: {@code HOST} (127.0.0.1),
 * {@code PORT} (18090), {@code DATA_DIR} (payment-simulator-data), {@code API_KEY} (if
 * missing, any key is accepted), {@code FAULTS_TOKEN} (if missing, faults can be switched
 * only if {@code HOST} is a loopback address), {@code WEBHOOK_URL} and
 * {@code WEBHOOK_SECRET} or {@code WEBHOOK_SECRET_FILE} (without both, no webhooks are
 * sent), {@code WEBHOOK_CA} (a file with the certificates to trust for webhooks).
 */
public final class Main {

	private Main() {
	}

	public static void main(String[] args) throws IOException, GeneralSecurityException {
		// Unpack SQLite's native library next to the books, because containers mount
		// their directory for temporary files without the right to execute.
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

	/** Treats an empty variable like a missing one. */
	private static @Nullable String value(Map<String, String> environment, String name) {
		String value = environment.get(name);
		return (value == null || value.isBlank()) ? null : value;
	}

}
