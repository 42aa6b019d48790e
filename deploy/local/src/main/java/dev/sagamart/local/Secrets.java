package dev.sagamart.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.RandomStringUtils;
import org.apache.commons.lang3.RandomUtils;

/**
 * The secrets of a local platform, generated at its first start, stored with its data.
 */
final class Secrets {

	private static final int TEXT_LENGTH = 32;

	private final Properties properties;

	private Secrets(Properties properties) {
		this.properties = properties;
	}

	/** Reads the secrets of a directory and generates the missing ones. */
	static Secrets loadOrCreate(Path directory) {
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
				throw new PartFailedException(file + " is missing. It contains the passwords of the existing database."
						+ " Restore the file, or delete all data with --fresh");
			}
			if (addMissing(properties)) {
				Path fresh = Files.createTempFile(directory, "secrets", "",
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
				try (Writer writer = Files.newBufferedWriter(fresh)) {
					properties.store(writer, "Generated for this machine. Without this file the data cannot be read");
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
		return schemas().collect(Collectors.toMap(Function.identity(), this::password));
	}

	/** The secret that services get in this environment variable. */
	String of(String variable) {
		return get(key(variable));
	}

	private String get(String name) {
		String value = this.properties.getProperty(name);
		if (value == null) {
			throw new IllegalArgumentException("There is no secret " + name);
		}
		return value;
	}

	/** Returns whether a secret was missing. */
	private static boolean addMissing(Properties properties) {
		int before = properties.size();
		schemas().forEach((role) -> properties.computeIfAbsent("postgres." + role, (name) -> randomText()));
		properties.computeIfAbsent("postgres.superuser", (name) -> randomText());
		Declaration.current()
			.secrets()
			.forEach((variable, secret) -> properties.computeIfAbsent(key(variable),
					(name) -> secret.optional() ? null : generate(secret)));
		return properties.size() > before;
	}

	static String generate(Declaration.Secret secret) {
		return (secret.bytes() > 0)
				? Base64.getEncoder().encodeToString(RandomUtils.secure().randomBytes(secret.bytes()))
				: Objects.requireNonNullElse(secret.prefix(), "") + randomText();
	}

	private static String randomText() {
		return RandomStringUtils.secure().nextAlphanumeric(TEXT_LENGTH);
	}

	private static Stream<String> schemas() {
		return Declaration.current().services().values().stream().map(Declaration.Service::schema);
	}

	private static String key(String variable) {
		return variable.toLowerCase(Locale.ROOT).replace('_', '.');
	}

}
