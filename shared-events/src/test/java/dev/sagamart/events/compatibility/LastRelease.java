package dev.sagamart.events.compatibility;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of a release.
 *
 * @param directory where they are
 */
record LastRelease(Path directory) {

	private static final Path CONTRACTS = Path.of("..", "contracts");

	private static final String SUMS = "SHA256SUMS";

	/** The one with the highest version. */
	static LastRelease find() throws IOException {
		try (Stream<Path> versions = Files.list(CONTRACTS.resolve("released"))) {
			return versions
				.max(Comparator
					.comparing((version) -> ModuleDescriptor.Version.parse(version.getFileName().toString())))
				.map(LastRelease::new)
				.orElseThrow();
		}
	}

	/** The files of a kind, by name. */
	Map<String, Path> files(String kind) throws IOException {
		try (Stream<Path> files = Files.list(this.directory.resolve(kind))) {
			return files.collect(Collectors.toMap((file) -> file.getFileName().toString(), (file) -> file,
					(one, _) -> one, TreeMap::new));
		}
	}

	/** What is in the place of a file now. */
	static Path now(String kind, String name) {
		if (kind.equals("messages")) {
			return Path.of("src", "test", "resources", "golden", name);
		}
		// The gateway's document is written by hand.
		return name.equals("gateway.json") ? Path.of("..", "api-gateway", "src", "main", "resources", "openapi", name)
				: CONTRACTS.resolve("current").resolve(kind).resolve(name);
	}

	/** What the checksums would be, in the form of {@code sha256sum}. */
	String computedSums() throws IOException {
		StringBuilder sums = new StringBuilder();
		for (String name : names()) {
			sums.append(sumOf(this.directory.resolve(name))).append("  ").append(name).append('\n');
		}
		return sums.toString();
	}

	/** All files but the checksums, seen from the directory. */
	List<String> names() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> this.directory.relativize(file).toString())
				.filter((name) -> !name.equals(SUMS))
				.sorted()
				.toList();
		}
	}

	String committedSums() throws IOException {
		return Files.readString(this.directory.resolve(SUMS));
	}

	private static String sumOf(Path file) throws IOException {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
