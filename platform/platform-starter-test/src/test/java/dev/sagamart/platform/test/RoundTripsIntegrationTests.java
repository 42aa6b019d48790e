package dev.sagamart.platform.test;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RoundTripsIntegrationTests {

	private static final String ROLE = "round_trips";

	private final RoundTrips roundTrips = new RoundTrips();

	@Test
	void areStatementsBatchesCommitsAndRollbacks() {
		try (HikariDataSource pool = pool()) {
			assertThat(this.roundTrips.postProcessBeforeInitialization(pool, "pool")).isSameAs(pool);
			JdbcTemplate jdbc = new JdbcTemplate(pool);
			TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
			jdbc.execute("CREATE TABLE thing (id int)");
			assertThat(this.roundTrips.of(() -> transaction.executeWithoutResult((_) -> {
				jdbc.batchUpdate("INSERT INTO thing VALUES (?)", List.of(new Object[] { 1 }, new Object[] { 2 }));
				jdbc.execute("SELECT 1");
				assertThat(jdbc.queryForObject("SELECT count(*) FROM thing", Integer.class)).isEqualTo(2);
			}))).containsExactly("INSERT INTO thing VALUES (?)", "SELECT 1", "SELECT count(*) FROM thing", "commit");
			assertThat(this.roundTrips.of(() -> transaction.executeWithoutResult((status) -> {
				jdbc.update("DELETE FROM thing");
				status.setRollbackOnly();
			}))).containsExactly("DELETE FROM thing", "rollback");
			assertThatExceptionOfType(BadSqlGrammarException.class)
				.isThrownBy(() -> this.roundTrips.of(() -> jdbc.update("DELETE FROM nothing")));
		}
	}

	@Test
	void leaveOtherBeansAlone() {
		assertThat(this.roundTrips.postProcessBeforeInitialization("bean", "name")).isEqualTo("bean");
	}

	@Test
	void includeTheThreadsThatHandleRequests() {
		try (HikariDataSource pool = pool()) {
			this.roundTrips.postProcessBeforeInitialization(pool, "pool");
			JdbcTemplate jdbc = new JdbcTemplate(pool);
			assertThat(this.roundTrips.of(() -> {
				run("other", () -> jdbc.execute("SELECT 1"));
				run("tomcat-handler-1", () -> jdbc.execute("SELECT 2"));
			})).containsExactly("SELECT 2");
		}
	}

	private static HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(TestServers.postgres().jdbcUrl());
		pool.setUsername(ROLE);
		pool.setPassword(TestServers.postgres().password(ROLE));
		return pool;
	}

	private static void run(String name, Runnable work) {
		try {
			Thread.ofPlatform().name(name).start(work).join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
