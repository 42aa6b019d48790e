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

/** A service is declared once: where else somebody has to write its name. */
class HandWrittenPlacesTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	private static final Declaration DECLARED = Declaration.in(ROOT);

	private static final int MOST = 3;

	/** What a file that names a service is about. */
	private enum About {

		INFRASTRUCTURE, TESTS, DOCUMENTATION, SHOP;

		static About of(String path) {
			if (path.matches("(.*/)?src/test/.*|.*-tests?[./].*")) {
				return TESTS;
			}
			if (path.endsWith(".md")) {
				return DOCUMENTATION;
			}
			String folder = path.split("/", 2)[0];
			boolean shop = DECLARED.services().containsKey(folder) || folder.equals("shared-events");
			return shop ? SHOP : INFRASTRUCTURE;
		}

	}

	@Test
	void areFew() throws Exception {
		Map<String, String> files = handWritten();
		for (String service : DECLARED.services().keySet()) {
			Map<About, List<String>> places = places(service, files);
			System.out.println(service + " is named by hand outside of its folder in");
			places.forEach((about, paths) -> System.out
				.println("  " + about + " " + paths.size() + " " + (about == About.INFRASTRUCTURE ? paths : "")));
			// The edge is part of the platform.
			if (!service.equals(DECLARED.edge())) {
				assertThat(places.get(About.INFRASTRUCTURE)).as(service)
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
		assertThat(places("user-service", files)).containsExactlyInAnyOrderEntriesOf(Map.of(About.INFRASTRUCTURE,
				List.of("deploy/list", "deploy/variables"), About.TESTS, List.of("deploy/x-tests.yml", "e2e-tests/a"),
				About.DOCUMENTATION, List.of("docs/a.md"), About.SHOP, List.of("shared-events/client")));
	}

	private static Map<About, List<String>> places(String service, Map<String, String> files) {
		String name = "(?s).*(?<![\\w-])(" + service + "(?![\\w-])|" + Declaration.variable(service) + ").*";
		Map<About, List<String>> places = new EnumMap<>(About.class);
		for (About about : About.values()) {
			places.put(about, new ArrayList<>());
		}
		files.keySet()
			.stream()
			.filter((path) -> !path.startsWith(service + "/") && files.get(path).matches(name))
			.sorted()
			.forEach((path) -> places.get(About.of(path)).add(path));
		return places;
	}

	/** Every text of the repository that nothing writes. */
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
