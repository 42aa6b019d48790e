package dev.sagamart.local;

import java.nio.file.Path;

/** The Java that runs us also runs what we start. */
final class Jdk {

	private Jdk() {
	}

	static Path java() {
		return Path.of(System.getProperty("java.home"), "bin", "java");
	}

}
