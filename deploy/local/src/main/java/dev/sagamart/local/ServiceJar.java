package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.commons.io.FileUtils;

/**
 * An extracted application: a plain jar and its libraries, as an ahead-of-time cache
 * needs it.
 *
 * @param file the jar to start
 * @param key identifies the content; size and time are not enough, because builds are
 * reproducible
 */
record ServiceJar(Path file, String key) {

	/**
	 * The jar that Maven built for a module.
	 * @throws PartFailedException if there is none
	 */
	static Path built(Path module) {
		String artifact = module.getFileName().toString();
		try (Stream<Path> files = Files.list(module.resolve("target"))) {
			return files
				.filter((file) -> file.getFileName().toString().matches(artifact + "-[0-9.]+(-SNAPSHOT)?\\.jar"))
				.max(Comparator.naturalOrder())
				.orElseThrow(() -> notBuilt(module));
		}
		catch (IOException ex) {
			throw notBuilt(module);
		}
	}

	/** Extracts a Spring Boot jar below a directory, unless that was done before. */
	static ServiceJar unpacked(Path jar, Path directory) {
		try {
			String key = keyOf(jar);
			Path target = directory.resolve(key);
			if (!Files.isDirectory(target)) {
				FileUtils.deleteDirectory(directory.toFile());
				Files.createDirectories(directory);
				Path fresh = directory.resolve("unpacking");
				if (SystemCommand
					.run(List.of(Jvm.JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djarmode=tools", "-jar",
							jar.toString(), "extract", "--destination", fresh.toString())) == null) {
					throw new PartFailedException(jar + " is not a Spring Boot application; build it again");
				}
				Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
			}
			return new ServiceJar(target.resolve(jar.getFileName()), key);
		}
		catch (IOException ex) {
			throw new PartFailedException("Cannot unpack " + jar + ": " + ex.getMessage(), ex);
		}
	}

	private static String keyOf(Path jar) throws IOException {
		return Files.size(jar) + "-" + Long.toHexString(FileUtils.checksum(jar.toFile(), new CRC32C()).getValue());
	}

	private static PartFailedException notBuilt(Path module) {
		return new PartFailedException(module.getFileName() + " is not built; run ./mvnw -DskipTests package");
	}

}
