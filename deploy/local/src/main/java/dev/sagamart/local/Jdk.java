package dev.sagamart.local;

import java.nio.file.Path;

/** The JDK that runs the launcher; it also runs the parts. */
final class Jdk {

	private Jdk() {
	}

	static Path java() {
		return Path.of(System.getProperty("java.home"), "bin", "java");
	}

}
