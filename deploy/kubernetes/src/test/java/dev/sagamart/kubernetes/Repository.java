package dev.sagamart.kubernetes;

import java.nio.file.Path;

/** Paths of the repository. */
final class Repository {

	/** Maven runs the tests in the module's directory. */
	static final Path KUBERNETES = Path.of("").toAbsolutePath();

	static final Path ROOT = KUBERNETES.getParent().getParent();

	private Repository() {
	}

}
