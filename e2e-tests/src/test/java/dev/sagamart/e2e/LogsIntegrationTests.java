package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * With the profile {@code local}, logs are text, and a normal start logs no warnings. In
 * containers they are JSON.
 */
@WholePlatform
@DisabledIfSystemProperty(named = "sagamart.e2e", matches = "compose")
class LogsIntegrationTests {

	private static final Pattern WARNING_OR_ERROR = Pattern.compile("\\b(WARN|WARNING|ERROR|FATAL|Exception)\\b");

	private final List<String> lines;

	LogsIntegrationTests(RunningPlatform platform) {
		// Redis always warns about the machine's memory settings, and Kafka warns of late
		// heartbeats between broker and controller on a busy machine.
		this.lines = platform.firstLog()
			.stream()
			.filter((line) -> !line.startsWith("redis.log: "))
			.filter((line) -> !line.startsWith("kafka.log: ") || !line.toLowerCase(Locale.ROOT).contains("heartbeat"))
			.toList();
	}

	@Test
	void aStartAndAnOrderLogNoWarnings() {
		assertThat(this.lines.stream().filter((line) -> WARNING_OR_ERROR.matcher(line).find())).isEmpty();
	}

	@Test
	void everyLineIsText() {
		assertThat(this.lines).isNotEmpty();
		assertThat(this.lines.stream().filter((line) -> line.contains(".log: {"))).isEmpty();
	}

}
