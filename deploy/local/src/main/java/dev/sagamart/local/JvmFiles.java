package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the JVM of a part leaves what it does not clean up when it is killed, so that it
 * does not pile up in {@code /tmp} or elsewhere: temporary files, and reports of crashes.
 */
final class JvmFiles {

	private JvmFiles() {
	}

	/**
	 * The options that say so. The directory for temporary files is empty afterwards,
	 * whatever an earlier process left there.
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
