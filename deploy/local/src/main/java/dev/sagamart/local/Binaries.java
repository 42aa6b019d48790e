package dev.sagamart.local;

import java.io.File;
import java.io.FileFilter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.filefilter.AgeFileFilter;
import org.apache.commons.io.filefilter.RegexFileFilter;
import org.apache.commons.io.function.IOBiConsumer;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The server programs from Maven artifacts, unpacked once per version into a cache
 * directory: {@code SAGAMART_CACHE} if it is set, else {@code /var/cache/sagamart} for
 * root (other users cannot read root's home) and {@code ~/.cache/sagamart} for other
 * users.
 */
final class Binaries {

	private static final String OS = System.getProperty("os.name").toLowerCase(Locale.ROOT);

	private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

	private static final boolean MAC = OS.contains("mac");

	/** How long a program is kept after the last start from any checkout. */
	private static final Duration MAX_UNUSED = Duration.ofDays(90);

	/** Matches the names of the directories that this class creates in the cache. */
	private static final String CACHE_ENTRIES = "unpacking-\\d+|.+-(postgres|redis-server)-.+";

	private Binaries() {
	}

	/**
	 * The installation of PostgreSQL, with {@code bin}, {@code lib} and {@code share}.
	 */
	static Path postgres(Path cache) {
		// initdb starts postgres through a shell and puts its path in double quotes.
		if (cache.toString().matches(".*[\"$`].*")) {
			throw new PartFailedException("PostgreSQL cannot run from a directory with \", $ or ` in its path: " + cache
					+ "; choose another cache directory with SAGAMART_CACHE");
		}
		return unpacked(cache, postgresResource(MAC, ARM), Binaries::untar);
	}

	static Path redis(Path cache) {
		return unpacked(cache, redisResource(MAC, ARM), (content, directory) -> {
			Path program = directory.resolve("redis-server");
			Files.copy(content, program);
			Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
		}).resolve("redis-server");
	}

	static String postgresResource(boolean mac, boolean arm) {
		return "postgres-" + (mac ? "darwin-" : "linux-") + (arm ? "arm_64" : "x86_64") + ".txz";
	}

	static String redisResource(boolean mac, boolean arm) {
		return "redis-server-" + ((!mac && arm) ? "6.2.7" : "6.2.6-v5") + (mac ? "-darwin-" : "-linux-")
				+ (arm ? "arm64" : "amd64");
	}

	static Path unpacked(Path cache, String resource, IOBiConsumer<InputStream, Path> unpacking) {
		URL url = Binaries.class.getResource("/" + resource);
		if (url == null) {
			throw new PartFailedException("There is no " + resource + " for this machine among the Maven artifacts");
		}
		Path target = cache.resolve(jarName(url) + "-" + resource.replaceAll("\\.txz$", ""));
		if (!Files.isDirectory(target)) {
			try {
				unpack(url, target, unpacking);
				removeUnused(cache);
			}
			catch (IOException ex) {
				throw new PartFailedException("Cannot unpack " + resource + " to " + target + ": " + ex.getMessage(),
						ex);
			}
		}
		// This fails if another user owns the directory; then that user's starts keep it.
		boolean _ = target.toFile().setLastModified(System.currentTimeMillis());
		return target;
	}

	/**
	 * Removes programs that were not started for {@link #MAX_UNUSED}, and incomplete
	 * ones.
	 */
	private static void removeUnused(Path cache) throws IOException {
		long oldest = System.currentTimeMillis() - MAX_UNUSED.toMillis();
		FileFilter unused = new RegexFileFilter(CACHE_ENTRIES).and(new AgeFileFilter(oldest));
		for (File program : Objects.requireNonNull(cache.toFile().listFiles(unused))) {
			FileUtils.deleteDirectory(program);
		}
	}

	/** Unpacks next to the target, then moves: another process never sees half of it. */
	private static void unpack(URL url, Path target, IOBiConsumer<InputStream, Path> unpacking) throws IOException {
		Files.createDirectories(target.getParent());
		Path fresh = Files.createTempDirectory(target.getParent(), "unpacking-");
		Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
		try (InputStream content = url.openStream()) {
			unpacking.accept(content, fresh);
			Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (FileSystemException ex) {
			if (!Files.isDirectory(target)) {
				throw ex;
			}
		}
		finally {
			FileUtils.deleteDirectory(fresh.toFile());
		}
	}

	static void untar(InputStream content, Path directory) throws IOException {
		try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(content))) {
			for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
				Path path = directory.resolve(entry.getName()).normalize();
				if (!path.startsWith(directory)) {
					throw new IOException("The archive has an entry outside of its directory: " + entry.getName());
				}
				Files.createDirectories(path.getParent());
				if (entry.isDirectory()) {
					Files.createDirectories(path);
				}
				else if (entry.isSymbolicLink()) {
					Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
				}
				else if (entry.isLink()) {
					Files.createLink(path, directory.resolve(entry.getLinkName()));
				}
				else {
					Files.copy(tar, path);
					Files.setPosixFilePermissions(path, PosixFilePermissions
						.fromString(((entry.getMode() & 0111) != 0) ? "rwxr-xr-x" : "rw-r--r--"));
				}
			}
		}
	}

	static Path cache() {
		return cache(System.getenv("SAGAMART_CACHE"), Unprivileged.isRoot(), Path.of("/var/cache"));
	}

	static Path cache(@Nullable String chosen, boolean root, Path shared) {
		if (chosen != null && !chosen.isBlank()) {
			return Path.of(chosen).toAbsolutePath();
		}
		return (root && Files.isWritable(shared)) ? shared.resolve("sagamart")
				: Path.of(System.getProperty("user.home"), ".cache", "sagamart");
	}

	/** The artifact's name with its version, which distinguishes the cached versions. */
	private static String jarName(URL url) {
		String text = url.toString();
		int end = text.indexOf(".jar!");
		return (end < 0) ? "classes" : text.substring(text.lastIndexOf('/', end) + 1, end);
	}

}
