package dev.sagamart.simulator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a simulator.
 *
 * @param port the port, or zero for any free one
 * @param directory the directory of the books, created if it is missing
 * @param apiKey the only key that is accepted, or {@code null} to accept any
 * @param faultsToken the token for switching faults over HTTP; if it is {@code null}, no
 * token is needed on a loopback address, and all requests are refused on other addresses
 * @param webhookUrl where events are sent to, or {@code null} to send none
 * @param webhookSecret the secret for their signatures
 */
record Settings(String host, int port, Path directory, @Nullable String apiKey, @Nullable String faultsToken,
		@Nullable URI webhookUrl, @Nullable String webhookSecret) {

	/** Reads the environment variables, which {@link Main} describes. */
	static Settings from(Map<String, String> environment) throws IOException {
		String url = value(environment, "WEBHOOK_URL");
		String file = value(environment, "WEBHOOK_SECRET_FILE");
		return new Settings(environment.getOrDefault("HOST", "127.0.0.1"),
				Integer.parseInt(environment.getOrDefault("PORT", "18090")),
				Path.of(environment.getOrDefault("DATA_DIR", "payment-simulator-data")), value(environment, "API_KEY"),
				value(environment, "FAULTS_TOKEN"), (url != null) ? URI.create(url) : null,
				(file != null) ? Files.readString(Path.of(file)).strip() : value(environment, "WEBHOOK_SECRET"));
	}

	/** Treats an empty variable like a missing one. */
	static @Nullable String value(Map<String, String> environment, String name) {
		String value = environment.get(name);
		return (value == null || value.isBlank()) ? null : value;
	}

}
