package dev.sagamart.platform.flags;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FileFlagsTests {

	private static final EvaluationContext ANN = new ImmutableContext("ann");

	private static final int USERS = 10_000;

	@TempDir
	private Path directory;

	private final Map<String, String> environment = new HashMap<>();

	private int writes;

	@Test
	void valuesComeFromTheFile() throws IOException {
		FileFlags flags = flags("""
				{"$schema": "https://flagd.dev/schema/v0/flags.json", "flags": {
				 "on": {"state": "ENABLED", "variants": {"yes": true, "no": false}, "defaultVariant": "yes"},
				 "off": {"state": "DISABLED", "variants": {"yes": true}, "defaultVariant": "yes"},
				 "text": {"state": "ENABLED", "variants": {"a": "A"}, "defaultVariant": "a"},
				 "number": {"state": "ENABLED", "variants": {"n": 7}, "defaultVariant": "n"},
				 "object": {"state": "ENABLED", "variants": {"o": {"x": 1}}, "defaultVariant": "o"}}}
				""");
		assertThat(flags.getBooleanEvaluation("on", false, ANN).getValue()).isTrue();
		assertThat(flags.getBooleanEvaluation("on", false, ANN).getVariant()).isEqualTo("yes");
		assertThat(flags.getBooleanEvaluation("off", false, ANN).getValue()).isFalse();
		assertThat(flags.getBooleanEvaluation("off", false, ANN).getReason()).isEqualTo(Reason.DISABLED.name());
		assertThat(flags.getBooleanEvaluation("unknown", true, ANN).getValue()).isTrue();
		assertThat(flags.getStringEvaluation("text", "", ANN).getValue()).isEqualTo("A");
		assertThat(flags.getIntegerEvaluation("number", 0, ANN).getValue()).isEqualTo(7);
		assertThat(flags.getDoubleEvaluation("number", 0.0, ANN).getValue()).isEqualTo(7.0);
		assertThat(flags.getObjectEvaluation("object", new Value(), ANN).getValue().asString()).isEqualTo("{\"x\":1}");
		ProviderEvaluation<Boolean> wrong = flags.getBooleanEvaluation("text", true, ANN);
		assertThat(wrong.getValue()).isTrue();
		assertThat(wrong.getErrorCode()).isEqualTo(ErrorCode.TYPE_MISMATCH);
	}

	@Test
	void theEnvironmentDecidesForEverybody() throws IOException {
		FileFlags flags = flags(rule(5));
		this.environment.put("FLAG_RECOMMENDATION_RULE", "new");
		assertThat(flags.getStringEvaluation("recommendation-rule", "", ANN).getValue()).isEqualTo("New");
		this.environment.put("FLAG_RECOMMENDATION_RULE", "none");
		ProviderEvaluation<String> unknown = flags.getStringEvaluation("recommendation-rule", "as coded", ANN);
		assertThat(unknown.getValue()).isEqualTo("as coded");
		assertThat(unknown.getErrorCode()).isEqualTo(ErrorCode.GENERAL);
	}

	/** Whoever has the new variant keeps it while its share grows. */
	@Test
	void aShareGrowsWithoutARestartAndTakesNobodyBack() throws IOException {
		List<String> users = Stream.generate(() -> UUID.randomUUID().toString()).limit(USERS).toList();
		FileFlags flags = flags(rule(0));
		Set<String> before = withNew(flags, users);
		assertThat(before).isEmpty();
		for (int percent : List.of(1, 5, 25, 100)) {
			write(rule(percent));
			flags.read();
			Set<String> now = withNew(flags, users);
			assertThat(now).containsAll(before);
			assertThat(now.size()).isCloseTo(USERS * percent / 100, within(USERS / 50));
			assertThat(withNew(flags, users)).as("the same every time").isEqualTo(now);
			before = new HashSet<>(now);
		}
		assertThat(before).hasSize(USERS);
		assertThat(flags.getStringEvaluation("recommendation-rule", "", new ImmutableContext()).getValue())
			.as("of nobody in particular")
			.isEqualTo("Old");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{\"flags\": ", "{\"flags\": {\"a\": {\"state\": \"ENABLED\"}}}",
			"{\"flags\": {\"a\": {\"state\": \"ENABLED\", \"variants\": {\"x\": 1}, \"defaultVariant\": \"y\"}}}",
			"{\"flags\": {\"a\": {\"state\": \"ENABLED\", \"variants\": {\"x\": 1}, \"defaultVariant\": \"x\","
					+ " \"targeting\": {\"fractional\": [[\"z\", 1]]}}}}" })
	void aFileThatCannotBeReadChangesNothing(String content) throws IOException {
		FileFlags flags = flags(rule(100));
		write(content);
		flags.read();
		assertThat(flags.getStringEvaluation("recommendation-rule", "", ANN).getValue()).isEqualTo("New");
		Files.delete(this.directory.resolve("flags.json"));
		flags.read();
		assertThat(flags.getStringEvaluation("recommendation-rule", "", ANN).getValue()).isEqualTo("New");
	}

	@Test
	void withoutAFileTheCodeDecides() {
		FileFlags flags = new FileFlags(null, this.environment::get);
		assertThat(flags.getStringEvaluation("recommendation-rule", "as coded", ANN).getValue()).isEqualTo("as coded");
		assertThat(flags.getMetadata().getName()).isEqualTo("file");
	}

	private static String rule(int percent) {
		return """
				{"flags": {"recommendation-rule": {"state": "ENABLED", "variants": {"old": "Old", "new": "New"},
				 "defaultVariant": "old", "targeting": {"fractional": [["new", %d], ["old", %d]]}}}}
				""".formatted(percent, 100 - percent);
	}

	private static Set<String> withNew(FileFlags flags, List<String> users) {
		return users.stream()
			.filter((user) -> flags.getStringEvaluation("recommendation-rule", "", new ImmutableContext(user))
				.getValue()
				.equals("New"))
			.collect(Collectors.toSet());
	}

	private FileFlags flags(String content) throws IOException {
		return new FileFlags(write(content), this.environment::get);
	}

	private Path write(String content) throws IOException {
		Path file = Files.writeString(this.directory.resolve("flags.json"), content);
		// later than the last time, whatever the file system can tell apart
		Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(++this.writes)));
		return file;
	}

}
