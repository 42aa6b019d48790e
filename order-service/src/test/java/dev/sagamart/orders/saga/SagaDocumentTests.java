package dev.sagamart.orders.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SagaDocumentTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "saga.md");

	@Test
	void isWhatTheTableSays() throws IOException {
		if (System.getProperty("saga.docs.update") != null) {
			Files.createDirectories(DOCUMENT.getParent());
			Files.writeString(DOCUMENT, SagaDocument.render());
		}
		assertThat(Files.readString(DOCUMENT)).as("docs/saga.md is stale; -Dsaga.docs.update writes it anew")
			.isEqualTo(SagaDocument.render());
	}

}
