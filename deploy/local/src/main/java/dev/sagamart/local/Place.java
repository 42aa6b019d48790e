package dev.sagamart.local;

import java.nio.file.Path;

/**
 * Where a part of the platform lives.
 *
 * @param port the port that it listens on, at 127.0.0.1 only
 * @param data its own directory, created when missing, kept when it stops
 * @param log the file that its output is appended to
 * @param pid the file that names its process while it runs
 */
public record Place(int port, Path data, Path log, Path pid) {

	/** A place with everything below one directory: for tests. */
	public static Place under(Path directory, String name, int port) {
		return new Place(port, directory.resolve("data").resolve(name), directory.resolve("log").resolve(name + ".log"),
				directory.resolve("run").resolve(name + ".pid"));
	}

}
