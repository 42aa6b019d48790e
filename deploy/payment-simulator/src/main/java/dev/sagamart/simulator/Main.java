package dev.sagamart.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;

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
		Settings settings = Settings.from(System.getenv());
		// Unpack SQLite's native library next to the books, because containers mount
		// their directory for temporary files without the right to execute.
		Path directory = Files.createDirectories(settings.directory());
		System.setProperty("org.sqlite.tmpdir", directory.toAbsolutePath().toString());
		String authority = Settings.value(System.getenv(), "WEBHOOK_CA");
		if (authority != null) {
			SSLContext.setDefault(Webhooks.trusting(Path.of(authority)));
		}
		PaymentSimulator simulator = PaymentSimulator.start(settings, InstantSource.system());
		Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(simulator::close));
		System.out.println("Payment simulator listens on " + simulator.url());
	}

}
