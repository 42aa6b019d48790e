package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The directories for files that a killed JVM leaves behind: temporary files and crash
 * reports. Without them, such files accumulate in {@code /tmp}.
 */
final class JvmFiles {

	private JvmFiles() {
	}

	/**
	 * Returns the JVM options for these directories and empties the one for temporary
	 * files.
	 */
	static List<String> options(Path data, Path log) {
		Path temporary = data.resolve("tmp");
		try {
			Binaries.delete(temporary);
			Files.createDirectories(temporary);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return List.of("-Djava.io.tmpdir=" + temporary, "-XX:ErrorFile=" + log + ".crash",
				"-XX:ReplayDataFile=" + log + ".replay");
	}

}
