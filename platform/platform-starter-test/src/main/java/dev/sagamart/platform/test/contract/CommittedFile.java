package dev.sagamart.platform.test.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** A file that is generated and committed. */
record CommittedFile(Path path) {

	private static final String UPDATE = "contracts.update";

	/**
	 * Fails if the file has another content; with {@code -Dcontracts.update}, writes the
	 * file instead.
	 */
	void requireToBe(String text) {
		if (System.getProperty(UPDATE) != null) {
			write(text);
		}
		assertThat(this.path).as("%s is stale; -D%s writes it anew", this.path, UPDATE).hasContent(text);
	}

	void write(String text) {
		try {
			Files.createDirectories(this.path.getParent());
			Files.writeString(this.path, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
