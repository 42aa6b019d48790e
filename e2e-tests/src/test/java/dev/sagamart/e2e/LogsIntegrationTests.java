package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * What is read on one's own machine: text, and no warning while nothing is wrong. In
 * containers it is JSON.
 */
@WholePlatform
@DisabledIfSystemProperty(named = "sagamart.e2e", matches = "compose")
class LogsIntegrationTests {

	private static final Pattern TROUBLE = Pattern.compile("\\b(WARN|WARNING|ERROR|FATAL|Exception)\\b");

	private final List<String> lines;

	LogsIntegrationTests(RunningPlatform platform) {
		// Redis says at each start what it thinks of the machine's memory, and Kafka when
		// the
		// machine is too busy for its broker and its controller to hear of each other in
		// time.
		this.lines = platform.firstLog()
			.stream()
			.filter((line) -> !line.startsWith("redis.log: "))
			.filter((line) -> !line.startsWith("kafka.log: ") || !line.toLowerCase(Locale.ROOT).contains("heartbeat"))
			.toList();
	}

	@Test
	void aStartAndAnOrderAreNothingToWarnOf() {
		assertThat(this.lines.stream().filter((line) -> TROUBLE.matcher(line).find())).isEmpty();
	}

	@Test
	void everyLineIsText() {
		assertThat(this.lines).isNotEmpty();
		assertThat(this.lines.stream().filter((line) -> line.contains(".log: {"))).isEmpty();
	}

}
