package dev.sagamart.e2e;

import com.google.common.base.CaseFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page about time-outs shows the configured values, and each time-out is shorter than
 * those that contain it.
 */
class TimeoutsTests {

	private static final Path ROOT = Path.of("..");

	/** A row of the table: the property and its value. */
	private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([0-9.]+ (?:ms|s)) \\|");

	private static final Pattern PREFIX = Pattern.compile("@ConfigurationProperties\\(\"([^\"]+)\"\\)");

	private static final Pattern DEFAULT = Pattern.compile("@DefaultValue\\(\"(\\w+)\"\\)(?: @\\w+)* Duration (\\w+)");

	/** A setting of PostgreSQL in the options of the connection. */
	private static final Pattern OPTION = Pattern.compile("-c (\\w+)=(\\d+)");

	private static final Pattern DURATION = Pattern.compile("([0-9.]+) ?(ms|s|m|h)?");

	private final String page = Files.readString(ROOT.resolve("docs/timeouts.md"));

	private final Map<String, Duration> configured = configured();

	TimeoutsTests() throws IOException {
	}

	@Test
	void showsWhatIsConfigured() {
		List<MatchResult> rows = ROW.matcher(this.page).results().toList();
		assertThat(rows).hasSizeGreaterThan(30)
			.allSatisfy(
					(row) -> assertThat(configured(row.group(1))).as(row.group(1)).isEqualTo(duration(row.group(2))));
	}

	@Test
	void isShorterThanWhatContainsIt() {
		List<String> chains = this.page.lines().filter((line) -> line.startsWith("- ")).toList();
		assertThat(chains).hasSizeGreaterThan(5).allSatisfy((chain) -> {
			List<String> properties = Arrays
				.asList(chain.substring(chain.indexOf('`') + 1, chain.lastIndexOf('`')).split("` < `"));
			assertThat(properties).hasSizeGreaterThan(1);
			for (int i = 1; i < properties.size(); i++) {
				assertThat(configured(properties.get(i - 1))).as("%s < %s", properties.get(i - 1), properties.get(i))
					.isLessThan(configured(properties.get(i)));
			}
		});
	}

	private Duration configured(String property) {
		assertThat(this.configured).containsKey(property);
		return this.configured.get(property);
	}

	private static Map<String, Duration> configured() throws IOException {
		Map<String, Duration> all = new HashMap<>();
		try (Stream<Path> files = Files.walk(ROOT)) {
			for (Path file : files.filter((path) -> path.toString().contains("/src/main/")).toList()) {
				if (file.toString().endsWith(".yml")) {
					// what follows belongs to a profile
					add(all, "", new YAMLMapper().readTree(Files.readString(file).split("\n---\n", 2)[0]));
				}
				else if (file.toString().endsWith("Properties.java")) {
					addDefaults(all, Files.readString(file));
				}
			}
		}
		return all;
	}

	private static void add(Map<String, Duration> all, String path, JsonNode node) {
		node.propertyStream()
			.forEach((property) -> add(all, path + (path.isEmpty() ? "" : ".") + property.getKey(),
					property.getValue()));
		if (node.isValueNode()) {
			OPTION.matcher(node.asString())
				.results()
				.forEach((option) -> all.put(option.group(1), duration(option.group(2) + "ms")));
			if (DURATION.matcher(node.asString()).matches()) {
				// PostgreSQL's driver counts in seconds.
				boolean seconds = path.endsWith("connectTimeout") || path.endsWith("socketTimeout");
				all.put(path, duration(node.asString() + (seconds ? "s" : "")));
			}
		}
	}

	private static void addDefaults(Map<String, Duration> all, String source) {
		PREFIX.matcher(source)
			.results()
			.forEach((prefix) -> DEFAULT.matcher(source)
				.results()
				.forEach((value) -> all.put(
						prefix.group(1) + "." + CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_HYPHEN, value.group(2)),
						duration(value.group(1)))));
	}

	private static Duration duration(String text) {
		MatchResult parts = DURATION.matcher(text).results().findFirst().orElseThrow();
		double number = Double.parseDouble(parts.group(1));
		return Duration.ofMillis((long) (number * switch (parts.group(2)) {
			case "s" -> 1000;
			case "m" -> 60_000;
			case "h" -> 3_600_000;
			case null, default -> 1;
		}));
	}

}
