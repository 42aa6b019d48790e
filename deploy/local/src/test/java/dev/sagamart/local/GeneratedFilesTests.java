package dev.sagamart.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeneratedFilesTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	@TempDir
	Path directory;

	@BeforeEach
	void declare() throws Exception {
		put("platform.yml", """
				edge: gate
				identity: gate
				services:
				  gate: {schema: gate, port: 8080, heap: -Xmx64m}
				  stall: {schema: stall, port: 8081, heap: -Xmx64m}
				""");
		put("deploy/templates/list.yml", "names: [<%#services%><%name%><%^-last%>, <%/-last%><%/services%>]\n");
		put("deploy/templates/parts/__service__.yml", "port: <%port%>\n");
		put("deploy/templates/run", "#!/bin/sh\necho <%edge.name%>\n");
		assertThat(this.directory.resolve("deploy/templates/run").toFile().setExecutable(true)).isTrue();
	}

	@Test
	void ofThisRepositoryAreUpToDate() throws Exception {
		assertThat(new GeneratedFiles(ROOT, Declaration.load(ROOT)).stale())
			.as("run deploy/generate; change the template or platform.yml, not the generated file")
			.isEmpty();
	}

	@Test
	void nameTheirTemplateAndKeepItsMode() throws Exception {
		assertThat(files().write()).extracting(Path::toString)
			.containsExactly("list.yml", "parts/gate.yml", "parts/stall.yml", "run");
		assertThat(text("list.yml")).isEqualTo("""
				# Written by deploy/generate from platform.yml and deploy/templates/list.yml
				names: [gate, stall]
				""");
		assertThat(text("parts/stall.yml")).isEqualTo("""
				# Written by deploy/generate from platform.yml and deploy/templates/parts/__service__.yml
				port: 8081
				""");
		assertThat(text("run")).isEqualTo("""
				#!/bin/sh
				# Written by deploy/generate from platform.yml and deploy/templates/run
				echo gate
				""");
		assertThat(this.directory.resolve("run")).isExecutable();
		assertThat(this.directory.resolve("list.yml").toFile().canExecute()).isFalse();
		assertThat(files().stale()).isEmpty();
	}

	@Test
	void nameTheirTemplateInACommentOfTheirLanguage() throws Exception {
		put("deploy/templates/ide/a.xml", "<a/>\n");
		put("deploy/templates/ide/b.json", "{}\n");
		put("deploy/templates/ide/c.sql", "SELECT 1;\n");
		put("deploy/templates/ide/d.xml", "<?xml version=\"1.0\"?>\n<d/>\n");
		files().write();
		String from = " Written by deploy/generate from platform.yml and deploy/templates/ide/";
		assertThat(text("ide/a.xml")).isEqualTo("<!--" + from + "a.xml -->\n<a/>\n");
		assertThat(text("ide/b.json")).isEqualTo("//" + from + "b.json\n{}\n");
		assertThat(text("ide/c.sql")).isEqualTo("--" + from + "c.sql\nSELECT 1;\n");
		assertThat(text("ide/d.xml")).isEqualTo("<?xml version=\"1.0\"?>\n<!--" + from + "d.xml -->\n<d/>\n");
		for (String name : List.of("a.xml", "b.json", "c.sql", "d.xml")) {
			Files.delete(this.directory.resolve("deploy/templates/ide").resolve(name));
		}
		assertThat(files().write()).hasSize(4);
		assertThat(this.directory.resolve("ide")).isEmptyDirectory();
	}

	@Test
	void areStaleAfterAnyChange() throws Exception {
		files().write();
		put("list.yml", text("list.yml").replace("stall", "stable"));
		assertThat(files().stale()).containsExactly(Path.of("list.yml"));
		files().write();
		put("platform.yml", text("platform.yml").replace("8081", "8082"));
		assertThat(files().stale()).containsExactly(Path.of("parts/stall.yml"));
		files().write();
		put("deploy/templates/list.yml", "nothing: true\n");
		assertThat(this.directory.resolve("run").toFile().setExecutable(false, false)).isTrue();
		Files.delete(this.directory.resolve("parts/gate.yml"));
		assertThat(files().write()).extracting(Path::toString).containsExactly("list.yml", "parts/gate.yml", "run");
		assertThat(files().stale()).isEmpty();
	}

	@Test
	void areNotWrittenByACheck() throws Exception {
		assertThat(GeneratedFiles.run(this.directory, true)).isEqualTo(1);
		assertThat(this.directory.resolve("list.yml")).doesNotExist();
		assertThat(GeneratedFiles.run(this.directory, false)).isZero();
		assertThat(this.directory.resolve("list.yml")).exists();
		assertThat(GeneratedFiles.run(this.directory, true)).isZero();
		put("platform.yml", "edge: nobody\n");
		assertThat(GeneratedFiles.run(this.directory, false)).isEqualTo(2);
	}

	@Test
	void areDeletedWithoutATemplate() throws Exception {
		files().write();
		put("mine/stall.yml", text("parts/stall.yml"));
		put("parts/by-hand.yml", "port: 1\n");
		put("platform.yml", text("platform.yml").replaceAll("(?m)^ +stall.*\\n", ""));
		Files.delete(this.directory.resolve("deploy/templates/run"));
		assertThat(files().write()).extracting(Path::toString).containsExactly("list.yml", "parts/stall.yml", "run");
		assertThat(this.directory.resolve("parts")).isDirectoryContaining("glob:**/gate.yml")
			.isDirectoryContaining("glob:**/by-hand.yml")
			.isDirectoryNotContaining("glob:**/stall.yml");
		assertThat(this.directory.resolve("run")).doesNotExist();
		// A copy at another path is not a generated file.
		assertThat(this.directory.resolve("mine/stall.yml")).exists();
	}

	@Test
	void failForAnUnknownTagInATemplate() throws Exception {
		put("deploy/templates/list.yml", "<%#services%>\n<%prt%>\n<%/services%>\n");
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> files().write())
			.withMessageContaining("deploy/templates/list.yml: ")
			.withMessageContaining("prt");
		put("deploy/templates/list.yml", "<%#service%>\n<%/service%>\n");
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> files().write())
			.withMessageContaining("service");
	}

	/** A fork has other services; only the edge is part of the platform. */
	@Test
	void haveTemplatesWithoutNamesOfServices() throws Exception {
		List<File> templates = GeneratedFiles.files(ROOT.resolve("deploy/templates").toFile()).toList();
		assertThat(templates).hasSizeGreaterThan(20);
		for (File template : templates) {
			String text = Files.readString(template.toPath());
			Declaration.load(ROOT).services().forEach((name, service) -> {
				if (!name.equals(Declaration.load(ROOT).edge())) {
					assertThat(text).as(template.toString())
						.doesNotContain(name, Declaration.variable(name), "postgres-" + service.schema(),
								"secrets-" + service.schema(), Declaration.variable(service.schema()) + "_PASSWORD");
				}
			});
		}
	}

	private GeneratedFiles files() {
		return new GeneratedFiles(this.directory, Declaration.load(this.directory));
	}

	private void put(String path, String text) throws Exception {
		Path file = this.directory.resolve(path);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	private String text(String path) throws Exception {
		return Files.readString(this.directory.resolve(path));
	}

}
