package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** How the parts that are JVMs are started: with the JDK that runs the launcher. */
final class Jvm {

	static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private Jvm() {
	}

	/** The beginning of a part's command; {@link Orphans} finds its directory there. */
	static List<String> command(Place place) throws IOException {
		List<String> command = new ArrayList<>(List.of(JAVA, "-Dsagamart.part=" + place.data()));
		command.addAll(fileOptions(place.data(), place.log()));
		return command;
	}

	/**
	 * Returns the options for the files that a killed JVM leaves behind, temporary files
	 * and crash reports, which would accumulate in {@code /tmp}. Empties the directory
	 * for temporary files.
	 */
	static List<String> fileOptions(Path data, Path log) throws IOException {
		Path temporary = data.resolve("tmp");
		FileUtils.deleteDirectory(temporary.toFile());
		Files.createDirectories(temporary);
		return List.of("-Djava.io.tmpdir=" + temporary, "-XX:ErrorFile=" + log + ".crash",
				"-XX:ReplayDataFile=" + log + ".replay");
	}

}
