package dev.sagamart.platform.retention;

import dev.sagamart.platform.test.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class SurplusRowsIntegrationTests extends TicketsTest {

	private SurplusRows surplus;

	@BeforeEach
	void makeATable() {
		this.jdbc.execute("create table ticket (owner text, number bigint, primary key (owner, number))");
		this.surplus = new SurplusRows(this.jdbc,
				new TransactionTemplate(new DataSourceTransactionManager(this.connection)), "tickets.ticket", "owner",
				"number");
	}

	@Test
	void leavesEachOwnerTheYoungest() {
		tickets("ann", 3500);
		tickets("bob", 101);
		tickets("eve", 100);
		tickets("joe", 7);
		this.surplus.removeBeyond(100);
		assertThat(this.jdbc.queryForList(
				"select owner || ' ' || min(number) || '-' || max(number) from ticket group by owner order by owner",
				String.class))
			.containsExactly("ann 3401-3500", "bob 2-101", "eve 1-100", "joe 1-7");
	}

	@Test
	void leavesOutWhatSomebodyElseIsBusyWith() throws SQLException {
		tickets("ann", 6);
		try (Connection other = TestServers.postgres().dataSource("tickets", DATABASE).getConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("select from tickets.ticket where number = 1 for update");
			this.surplus.removeBeyond(4);
			assertThat(this.jdbc.queryForList("select number from ticket order by number", Long.class))
				.containsExactly(1L, 3L, 4L, 5L, 6L);
		}
	}

	private void tickets(String owner, int howMany) {
		this.jdbc.update("insert into ticket select ?, n from generate_series(1, ?) n", owner, howMany);
	}

}
