package dev.sagamart.platform.test.contract;

import au.com.dius.pact.core.model.DefaultPactReader;
import au.com.dius.pact.core.model.DefaultPactWriter;
import au.com.dius.pact.core.model.Pact;
import au.com.dius.pact.core.model.PactSpecVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The committed pacts, one file for each consumer and provider.
 *
 * @param directory the directory with the files
 */
record PactFiles(Path directory) {

	/** The pacts of the project, for tests that run in the directory of a service. */
	static final PactFiles COMMITTED = new PactFiles(Path.of("..", "contracts", "pacts"));

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	/**
	 * Fails if the committed pact differs; with {@code -Dcontracts.update}, writes this
	 * one instead.
	 */
	void requireCommitted(Pact pact) {
		fileOf(pact).requireToBe(text(pact));
	}

	void commit(Pact pact) {
		fileOf(pact).write(text(pact));
	}

	private CommittedFile fileOf(Pact pact) {
		return new CommittedFile(
				this.directory.resolve(pact.getConsumer().getName() + "--" + pact.getProvider().getName() + ".json"));
	}

	/** The pacts with a provider. */
	List<Pact> of(String provider) {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.sorted()
				.map((file) -> DefaultPactReader.INSTANCE.loadPact(file.toFile()))
				.filter((pact) -> pact.getProvider().getName().equals(provider))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Omits the version of the library, which is no part of the contract. */
	private static String text(Pact pact) {
		StringWriter written = new StringWriter();
		DefaultPactWriter.INSTANCE.writePact(pact, new PrintWriter(written), PactSpecVersion.V4);
		ObjectNode document = (ObjectNode) JSON.readTree(written.toString());
		((ObjectNode) document.get("metadata")).remove("pact-jvm");
		return JSON.writeValueAsString(document) + "\n";
	}

}
