package dev.sagamart.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which reads of a service with JPA go where, with a replica and without one. */
class ReplicaAutoConfigurationIntegrationTests {

	private static final String POOLS = "hikaricp.connections";

	private final ApplicationContextRunner withoutReplica = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
				DataJpaRepositoriesAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, MetricsAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class, DataSourcePoolMetricsAutoConfiguration.class,
				ReplicaAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.datasource.url=" + ReplicatedNotes.SERVERS.primary().jdbcUrl(),
				"spring.datasource.username=" + ReplicatedNotes.SCHEMA,
				"spring.datasource.password=" + ReplicatedNotes.PASSWORD, "spring.datasource.hikari.pool-name=notes",
				"spring.datasource.hikari.maximum-pool-size=3");

	private final ApplicationContextRunner withReplica = this.withoutReplica.withPropertyValues(
			"sagamart.database.replica.url=" + ReplicatedNotes.SERVERS.replica().jdbcUrl(),
			"sagamart.database.replica.max-lag=1h");

	@AutoConfigurationPackage
	@EnableScheduling
	static class Application {

	}

	private static boolean isReplica(ApplicationContext context) {
		return Boolean.TRUE
			.equals(context.getBean(JdbcTemplate.class).queryForObject("SELECT pg_is_in_recovery()", Boolean.class));
	}

	private static TransactionTemplate transaction(ApplicationContext context, boolean readOnly) {
		TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		transaction.setReadOnly(readOnly);
		return transaction;
	}

	@Test
	void onlyReplicaReadsGoToTheReplica() {
		this.withReplica.run((context) -> {
			ReplicaReads reads = context.getBean(ReplicaReads.class);
			Awaitility.await().until(() -> reads.read(() -> isReplica(context)));
			assertThat(isReplica(context)).isFalse();
			transaction(context, false).executeWithoutResult((_) -> {
				assertThat(isReplica(context)).isFalse();
				assertThat(reads.read(() -> isReplica(context))).as("within a transaction that writes").isFalse();
			});
			transaction(context, true).executeWithoutResult((_) -> {
				assertThat(isReplica(context)).isFalse();
				assertThatThrownBy(() -> write(context)).hasMessageContaining("read-only transaction");
			});
			assertThat(context.getBean(MeterRegistry.class).get(POOLS).gauges())
				.extracting((gauge) -> gauge.getId().getTag("pool"))
				.containsExactlyInAnyOrder("notes", "notes-replica");
			assertThat(context).hasSingleBean(DataSource.class);
		});
	}

	/** Spring Data begins a read-only transaction for it. */
	@Test
	void whatWasJustWrittenIsFoundById() {
		this.withReplica.run((context) -> {
			ReplicaReads reads = context.getBean(ReplicaReads.class);
			Notes notes = context.getBean(Notes.class);
			Awaitility.await().until(() -> reads.read(() -> isReplica(context)));
			ReplicatedNotes.awaitReplay();
			ReplicatedNotes.pauseReplay();
			try {
				Note note = notes.save(new Note());
				assertThat(notes.findById(note.id)).isPresent();
				assertThat(notes.findAll()).extracting((found) -> found.id).contains(note.id);
				Awaitility.await().until(() -> reads.read(() -> notes.findById(note.id)).isEmpty());
			}
			finally {
				ReplicatedNotes.resumeReplay();
			}
		});
	}

	@Test
	void withoutReplicaThereIsOnePoolAndNoProxy() {
		this.withoutReplica.run((context) -> {
			ReplicaReads reads = context.getBean(ReplicaReads.class);
			assertThat(reads.read(() -> isReplica(context))).isFalse();
			assertThatThrownBy(() -> reads.read(() -> write(context))).hasMessageContaining("read-only transaction");
			assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class);
			assertThat(context).doesNotHaveBean(ReadReplica.class);
			assertThat(context.getBean(MeterRegistry.class).get(POOLS).gauges()).hasSize(1);
		});
	}

	@Test
	void aReplicaThatMayBarelyBeBehindIsNoReplica() {
		this.withReplica.withPropertyValues("sagamart.database.replica.max-lag=2s")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("maxLag"));
	}

	private static int write(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class).update("INSERT INTO note VALUES (gen_random_uuid())");
	}

}
