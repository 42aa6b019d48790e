package dev.sagamart.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The secrets of a local platform, made at its first start and kept with its data. */
final class Secrets {

	private static final SecureRandom RANDOM = new SecureRandom();

	private final Properties properties;

	private Secrets(Properties properties) {
		this.properties = properties;
	}

	/** Reads the secrets in a directory, making those that are missing. */
	static Secrets in(Path directory) {
		Path file = directory.resolve("secrets.properties");
		Properties properties = new Properties();
		try {
			Files.createDirectories(directory);
			if (Files.exists(file)) {
				try (Reader reader = Files.newBufferedReader(file)) {
					properties.load(reader);
				}
			}
			else if (Files.exists(directory.resolve("postgres").resolve("cluster"))) {
				throw new PartFailedException(file + " is missing, and nobody knows the passwords of the database"
						+ " without it. Put it back, or start empty with --fresh");
			}
			if (complete(properties)) {
				Path fresh = Files.createTempFile(directory, "secrets", "",
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
				try (Writer writer = Files.newBufferedWriter(fresh)) {
					properties.store(writer, "Made for this machine only. Deleting it makes the data unreadable");
				}
				Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
			}
			return new Secrets(properties);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String superuserPassword() {
		return get("postgres.superuser");
	}

	String password(String role) {
		return get("postgres." + role);
	}

	Map<String, String> passwords() {
		return PostgresServer.SCHEMAS.stream().collect(Collectors.toMap(Function.identity(), this::password));
	}

	/** 32 bytes in base64: what user-service encrypts its signing keys with. */
	String signingMasterKey() {
		return get("signing.master.key");
	}

	String paymentProviderKey() {
		return get("payment.provider.key");
	}

	/** How payment-service knows that it is the provider who tells it something. */
	String paymentWebhookSecret() {
		return get("payment.webhook.secret");
	}

	/**
	 * How user-service knows that it is the gateway who says where a request comes from.
	 */
	String edgeSecret() {
		return get("edge.secret");
	}

	/** What order-service gets its own access tokens with. */
	String orderServiceClientSecret() {
		return get("order.service.client.secret");
	}

	private String get(String name) {
		String value = this.properties.getProperty(name);
		if (value == null) {
			throw new IllegalArgumentException("There is no secret " + name);
		}
		return value;
	}

	/** Returns whether something was missing. */
	private static boolean complete(Properties properties) {
		int before = properties.size();
		PostgresServer.SCHEMAS.forEach((role) -> properties.computeIfAbsent("postgres." + role, (name) -> word()));
		properties.computeIfAbsent("postgres.superuser", (name) -> word());
		properties.computeIfAbsent("payment.provider.key", (name) -> "sk_test_" + word());
		properties.computeIfAbsent("payment.webhook.secret", (name) -> "whsec_" + word());
		properties.computeIfAbsent("signing.master.key", (name) -> Base64.getEncoder().encodeToString(bytes(32)));
		properties.computeIfAbsent("edge.secret", (name) -> word());
		properties.computeIfAbsent("order.service.client.secret", (name) -> word());
		return properties.size() > before;
	}

	private static String word() {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(24)).replaceAll("[_-]", "x");
	}

	private static byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		RANDOM.nextBytes(bytes);
		return bytes;
	}

}
