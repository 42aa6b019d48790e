package dev.sagamart.platform.retention;

import dev.sagamart.platform.test.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OldRowsIntegrationTests extends TicketsTest {

	private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

	private OldRows oldRows;

	@BeforeEach
	void makeATable() {
		this.jdbc.execute("create table ticket (number bigint primary key, at timestamptz not null)");
		this.jdbc.execute("create index ticket_by_age on ticket (at)");
		this.oldRows = new OldRows(this.jdbc, "tickets.ticket", "at");
	}

	@Test
	void takesTheOldAndLeavesTheYoung() {
		tickets(1, 2500, NOW.minusSeconds(1));
		tickets(2501, 1, NOW);
		tickets(2502, 3, NOW.plusSeconds(1));
		assertThat(this.oldRows.removeUntil(NOW)).isFalse();
		assertThat(this.jdbc.queryForList("select number from ticket order by number", Long.class))
			.containsExactly(2502L, 2503L, 2504L);
		assertThat(this.oldRows.removeUntil(NOW)).isFalse();
	}

	@Test
	void doesNotGoOnForEver() {
		tickets(1, 100 * OldRows.STEP, NOW.minusSeconds(1));
		tickets(100 * OldRows.STEP + 1, 1, NOW);
		assertThat(this.oldRows.removeUntil(NOW)).isTrue();
		assertThat(this.jdbc.queryForObject("select min(number) from ticket", Long.class))
			.isEqualTo(100 * OldRows.STEP + 1);
		assertThat(this.oldRows.removeUntil(NOW)).isFalse();
		assertThat(count()).isZero();
	}

	@Test
	void leavesOutWhatSomebodyElseIsBusyWith() throws SQLException {
		tickets(1, 3, NOW);
		try (Connection other = TestServers.postgres().dataSource("tickets", DATABASE).getConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("select from tickets.ticket where number = 2 for update");
			assertThat(this.oldRows.removeUntil(NOW)).isFalse();
			assertThat(count()).isEqualTo(1);
			// A server hears a while later that a connection was closed.
			other.rollback();
		}
		assertThat(this.oldRows.removeUntil(NOW)).isFalse();
		assertThat(count()).isZero();
	}

	/** The room of removed rows is used again, so that old and young stand anywhere. */
	@Test
	void readsNoMoreThanItRemovesHoweverOftenTheTableWasEmptied() {
		for (int round = 0; round < 3; round++) {
			tickets(round * 100_000 + 1, 100_000, NOW.plusSeconds(round));
			this.jdbc.execute("vacuum analyze ticket");
			assertThat(this.oldRows.removeUntil(NOW.plusSeconds(round - 1))).isEqualTo(round > 0);
			this.jdbc.execute("vacuum analyze ticket");
		}
		tickets(300_001, 10, NOW);
		long before = pages();
		assertThat(this.oldRows.removeUntil(NOW)).isFalse();
		assertThat(pages() - before).isLessThan(200);
		assertThat(count()).isEqualTo(100_000);
	}

	private void tickets(int first, int howMany, Instant at) {
		this.jdbc.update("insert into ticket select n, ?::timestamptz from generate_series(?, ?) n", at.toString(),
				first, first + howMany - 1);
	}

	private long count() {
		Long count = this.jdbc.queryForObject("select count(*) from ticket", Long.class);
		return (count != null) ? count : 0;
	}

	/** How many have been looked at since the table was made. */
	private long pages() {
		this.jdbc.execute("select pg_stat_force_next_flush()");
		Long pages = this.jdbc.queryForObject("""
				select heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit
				from pg_statio_user_tables where relname = 'ticket'""", Long.class);
		return (pages != null) ? pages : 0;
	}

}
