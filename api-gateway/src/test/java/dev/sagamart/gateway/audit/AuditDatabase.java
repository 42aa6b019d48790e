package dev.sagamart.gateway.audit;

import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** An audit with its own database. */
record AuditDatabase(DataSource dataSource, JdbcClient jdbc) {

	static final AuditProperties DEFAULTS = new AuditProperties(20_000, Duration.ofDays(90), 1_000,
			DataSize.ofGigabytes(1));

	static AuditDatabase named(String name) {
		TestServers.postgres().createDatabase(name);
		DataSource dataSource = TestServers.postgres().dataSource("gateway", name);
		return new AuditDatabase(dataSource, JdbcClient.create(dataSource));
	}

	/** Creates a new database. */
	static AuditDatabase create() {
		return named("audit_" + UUID.randomUUID().toString().replace('-', '_'));
	}

	Flyway migrations(String target) {
		return Flyway.configure()
			.dataSource(this.dataSource)
			.defaultSchema("gateway")
			.callbacks(new DeferredMigrations())
			.target(target)
			.load();
	}

	AuditRepository repository() {
		return new AuditRepository(this.jdbc);
	}

	AuditPartitions partitions(AuditProperties properties, MeterRegistry meters) {
		return new AuditPartitions(this.jdbc, properties, meters);
	}

	AuditTrail trail(AuditProperties properties, Clock clock, MeterRegistry meters) {
		return new AuditTrail(repository(), partitions(properties, meters), migrations("latest"), properties, clock,
				meters);
	}

	List<String> partitionsOf(String table) {
		return this.jdbc
			.sql("select inhrelid::regclass::text from pg_inherits where inhparent = ?::regclass order by 1")
			.param(table)
			.query(String.class)
			.list();
	}

	long count(String what) {
		return this.jdbc.sql("select " + what).query(Long.class).single();
	}

	static AuditEntry change(Instant at) {
		return new AuditEntry(at, "user", "POST", "/api/v1/orders", "orders", "192.0.2.7", 201, null, "change");
	}

	static AuditEntry refusal(Instant at, String address, String path) {
		return new AuditEntry(at, null, "POST", path, null, address, 401, "UNAUTHENTICATED", "refusal");
	}

}
