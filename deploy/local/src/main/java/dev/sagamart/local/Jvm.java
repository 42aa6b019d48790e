package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the parts that are JVMs are started: with the JDK that runs the launcher. */
final class Jvm {

	static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private Jvm() {
	}

	/** The beginning of a part's command; {@link Orphans} finds its directory there. */
	static List<String> command(Place place) {
		List<String> command = new ArrayList<>(List.of(JAVA, "-Dsagamart.part=" + place.data()));
		command.addAll(fileOptions(place.data(), place.log()));
		return command;
	}

	/**
	 * Returns the options for the files that a killed JVM leaves behind, temporary files
	 * and crash reports, which would accumulate in {@code /tmp}. Empties the directory
	 * for temporary files.
	 */
	static List<String> fileOptions(Path data, Path log) {
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
