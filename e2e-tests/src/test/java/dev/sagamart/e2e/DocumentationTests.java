package dev.sagamart.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Links between documents lead to existing files. */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#\\s]+)[^)]*\\)");

	@Test
	void linksBetweenDocumentsAreNotBroken() throws IOException {
		List<Path> documents = documents();
		assertThat(documents).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/saga.md"));
		assertThat(documents).allSatisfy((document) -> assertThat(brokenLinks(document)).isEmpty());
	}

	@Test
	void findsABrokenLink(@TempDir Path folder) throws IOException {
		Path document = Files.writeString(folder.resolve("a.md"),
				"[here](a.md#part) [gone](b.md) [out](https://example.org/c.md)");
		assertThat(brokenLinks(document)).containsExactly("b.md");
	}

	private static List<Path> documents() throws IOException {
		try (Stream<Path> top = Files.list(ROOT); Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
			return Stream.concat(top, docs).filter((file) -> file.toString().endsWith(".md")).toList();
		}
	}

	private static List<String> brokenLinks(Path document) throws IOException {
		return LINK.matcher(Files.readString(document))
			.results()
			.map((link) -> link.group(1))
			.filter((target) -> !Files.exists(document.resolveSibling(target)))
			.toList();
	}

}
