package dev.sagamart.platform.retention;

import dev.sagamart.platform.test.TestServers;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A table of tickets in a database of its own, of which rows are removed. */
abstract class TicketsTest {

	static final String DATABASE = "retention_tests";

	SingleConnectionDataSource connection;

	JdbcTemplate jdbc;

	@BeforeEach
	void connect() throws SQLException {
		TestServers.postgres().createDatabase(DATABASE);
		this.connection = new SingleConnectionDataSource(TestServers.postgres().jdbcUrl(DATABASE), "tickets",
				TestServers.postgres().password("tickets", DATABASE), true);
		this.jdbc = new JdbcTemplate(this.connection);
		this.jdbc.execute("drop table if exists ticket");
	}

	@AfterEach
	void close() {
		this.connection.destroy();
	}

}
