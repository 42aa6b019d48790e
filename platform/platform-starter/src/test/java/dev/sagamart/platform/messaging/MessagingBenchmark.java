package dev.sagamart.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.sagamart.platform.messaging.outbox.RelayFixture;
import dev.sagamart.platform.test.PlatformTest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Prints how fast messages go from the outbox through Kafka to a handler. Run by hand:
 * {@code ./mvnw -pl platform/platform-starter -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test=MessagingBenchmark verify}. The lines are in {@code target/failsafe-reports},
 * in the class's {@code -output.txt}.
 */
@PlatformTest(classes = MessagingApplication.class,
		properties = { "spring.application.name=parcel-service", "sagamart.schema=parcels",
				"spring.flyway.locations=classpath:db/messaging-tests", "logging.structured.format.console=" })
class MessagingBenchmark {

	private static final int ROUNDS = 300;

	@Autowired
	Aggregates aggregates;

	@Autowired
	Journal journal;

	@Autowired
	JdbcTemplate jdbc;

	@Test
	void throughputAndLatency() {
		drain(RelayFixture.ids(100), 100);
		for (int i = 0; i < 3; i++) {
			drain(RelayFixture.ids(100), ROUNDS);
		}
		latency();
	}

	/** Transactions of 100 messages each, so that the writer is not what is measured. */
	private void drain(List<UUID> ids, int rounds) {
		long cpu = cpu();
		long begin = System.nanoTime();
		long before = count();
		int batches = this.journal.batchSizes().size();
		for (int i = 0; i < rounds; i++) {
			this.aggregates.changeAll(ids);
		}
		double written = (System.nanoTime() - begin) / 1e9;
		long all = (long) ids.size() * rounds;
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> count() - before == all);
		double seconds = (System.nanoTime() - begin) / 1e9;
		ids.forEach((id) -> assertThat(this.journal.of(id)).isEqualTo(Aggregates.sequences(rounds)));
		System.out.printf(
				"%d messages: written in %.1f s, handled in %.1f s = %.0f/s, CPU of this JVM %.3f ms each, %d batches%n",
				all, written, seconds, all / seconds, (cpu() - cpu) / 1e6 / all,
				this.journal.batchSizes().size() - batches);
	}

	private void latency() {
		List<Double> millis = new ArrayList<>();
		for (UUID id : Stream.generate(UUID::randomUUID).limit(300).toList()) {
			this.aggregates.change(id, 1);
			long begin = System.nanoTime();
			while (this.journal.of(id).isEmpty()) {
				Thread.onSpinWait();
			}
			millis.add((System.nanoTime() - begin) / 1e6);
		}
		double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		System.out.printf("from commit to handled: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms%n", sorted[sorted.length / 2],
				sorted[sorted.length * 95 / 100], sorted[sorted.length * 99 / 100]);
		assertThat(Arrays.stream(sorted).max()).isPresent();
	}

	private long count() {
		return this.jdbc.queryForObject("select count(*) from journal", Long.class);
	}

	private static long cpu() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

}
