package dev.sagamart.local;

import java.nio.file.Path;

/**
 * The port and files of a part of the platform.
 *
 * @param name the name of the part: {@code postgres}
 * @param port the port that it listens on, at 127.0.0.1 only
 * @param data its own directory, created if missing and kept when it stops
 * @param log the file that its output is appended to
 * @param pid the file that contains its process id while it runs
 */
public record Place(String name, int port, Path data, Path log, Path pid) {

	/** Creates a place with all files below one directory. */
	public static Place under(Path directory, String name, int port) {
		return new Place(name, port, directory.resolve("data").resolve(name),
				directory.resolve("log").resolve(name + ".log"), directory.resolve("run").resolve(name + ".pid"));
	}

}
