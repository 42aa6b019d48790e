package dev.sagamart.gateway.audit;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Prints the highest rate at which the audit loses no entry. Run it manually:
 * {@code ./mvnw -pl api-gateway -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=AuditBenchmark -Djacoco.skip verify}.
 */
class AuditBenchmark {

	private static final int SECONDS = 10;

	@Test
	void findsTheRateWithoutLosses() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(TestServers.postgres().dataSource("gateway"));
			pool.setMaximumPoolSize(3);
			assertThat(lost(pool, 1_000)).isZero();
			for (int rate : new int[] { 2_000, 5_000, 10_000, 20_000, 40_000 }) {
				lost(pool, rate);
			}
		}
	}

	private static double lost(HikariDataSource pool, int rate) {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		AuditTrail trail = new AuditDatabase(pool, JdbcClient.create(pool)).trail(AuditDatabase.DEFAULTS,
				Clock.systemUTC(), meters);
		trail.start();
		long begin = System.nanoTime();
		double longest = 0;
		for (int i = 0; i < rate * SECONDS; i++) {
			long due = begin + (long) (i * 1e9 / rate);
			while (System.nanoTime() < due) {
				LockSupport.parkNanos(due - System.nanoTime());
			}
			AuditEntry entry = new AuditEntry(Instant.now(), "01a1f980-b75e-7424-a2bf-3b096687ac75", "POST",
					"/api/v1/orders/01a1f981-6fec-740f-a137-9ce76b5babf9/cancellation", "orders", "192.0.2.7", 202,
					null, UUID.randomUUID().toString());
			trail.add(entry);
			longest = Math.max(longest, meters.get("sagamart.audit.waiting").gauge().value());
		}
		double offered = rate * SECONDS / ((System.nanoTime() - begin) / 1e9);
		Awaitility.await().until(() -> meters.get("sagamart.audit.waiting").gauge().value() == 0);
		trail.stop();
		double lost = meters.get("sagamart.audit.dropped").counter().count();
		System.out.printf("%.0f entries/s for %d s: %.0f lost, at most %.0f waited%n", offered, SECONDS, lost, longest);
		return lost;
	}

}
