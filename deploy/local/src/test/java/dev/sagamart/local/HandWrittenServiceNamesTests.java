package dev.sagamart.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A service is declared once; finds the other files that contain its name. */
class HandWrittenServiceNamesTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	private static final Declaration DECLARED = Declaration.load(ROOT);

	private static final int MOST = 3;

	/** The kind of a file that names a service. */
	private enum FileKind {

		INFRASTRUCTURE, TESTS, DOCUMENTATION, SHOP;

		static FileKind of(String path) {
			if (path.matches("(.*/)?src/test/.*|.*-tests?[./].*")) {
				return TESTS;
			}
			if (path.endsWith(".md")) {
				return DOCUMENTATION;
			}
			String folder = path.split("/", 2)[0];
			boolean shop = DECLARED.services().containsKey(folder) || folder.equals("shared-events")
					|| folder.equals("contracts");
			return shop ? SHOP : INFRASTRUCTURE;
		}

	}

	@Test
	void areFew() throws Exception {
		Map<String, String> files = handWritten();
		for (String service : DECLARED.services().keySet()) {
			Map<FileKind, List<String>> filesByKind = filesByKind(service, files);
			System.out.println(service + " is named by hand outside of its folder in");
			filesByKind.forEach((kind, paths) -> System.out
				.println("  " + kind + " " + paths.size() + " " + (kind == FileKind.INFRASTRUCTURE ? paths : "")));
			// The edge is part of the platform.
			if (!service.equals(DECLARED.edge())) {
				assertThat(filesByKind.get(FileKind.INFRASTRUCTURE)).as(service)
					.hasSizeBetween(1, MOST)
					.contains("platform.yml");
			}
		}
	}

	@Test
	void areFoundByNameAndByVariable() {
		Map<String, String> files = Map.of("deploy/list", "user-service", "deploy/variables", "USER_SERVICE_URL=",
				"deploy/others", "end-user-services, user-services", "user-service/pom.xml", "user-service",
				"shared-events/client", "user-service", "docs/a.md", "user-service", "e2e-tests/a", "user-service",
				"deploy/x-tests.yml", "user-service");
		assertThat(filesByKind("user-service", files)).containsExactlyInAnyOrderEntriesOf(
				Map.of(FileKind.INFRASTRUCTURE, List.of("deploy/list", "deploy/variables"), FileKind.TESTS,
						List.of("deploy/x-tests.yml", "e2e-tests/a"), FileKind.DOCUMENTATION, List.of("docs/a.md"),
						FileKind.SHOP, List.of("shared-events/client")));
	}

	private static Map<FileKind, List<String>> filesByKind(String service, Map<String, String> files) {
		String name = "(?s).*(?<![\\w-])(" + service + "(?![\\w-])|" + Declaration.variable(service) + ").*";
		Map<FileKind, List<String>> filesByKind = new EnumMap<>(FileKind.class);
		for (FileKind kind : FileKind.values()) {
			filesByKind.put(kind, new ArrayList<>());
		}
		files.keySet()
			.stream()
			.filter((path) -> !path.startsWith(service + "/") && files.get(path).matches(name))
			.sorted()
			.forEach((path) -> filesByKind.get(FileKind.of(path)).add(path));
		return filesByKind;
	}

	/** All files of the repository that are not generated. */
	private static Map<String, String> handWritten() throws IOException {
		Set<Path> generated = new GeneratedFiles(ROOT, DECLARED).contents().keySet();
		Map<String, String> texts = new TreeMap<>();
		for (Path file : GeneratedFiles.files(ROOT.toFile()).map(File::toPath).toList()) {
			Path path = ROOT.relativize(file);
			if (!generated.contains(path)) {
				texts.put(path.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
			}
		}
		return texts;
	}

}
