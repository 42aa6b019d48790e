package dev.sagamart.e2e.attack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in every table of the services, as a number of rows and a sum of their hashes,
 * so that an attack that left anything behind is found out. Left out are the tables that
 * are there to remember attempts, those of messages under way and of what user-service
 * tells about them a moment later, the one in which order-service notes every minute that
 * it has looked after an erased user, and those of what the payment provider tells.
 */
final class DatabaseState {

	private static final String TABLES = """
			SELECT table_schema || '.' || quote_ident(table_name) FROM information_schema.tables
			WHERE table_schema IN ('users', 'products', 'orders', 'payments') AND table_type = 'BASE TABLE'
			  AND table_name NOT LIKE '%flyway%'
			  AND table_name NOT IN ('inbox', 'outbox', 'failed_login', 'notification', 'account_mail', 'mail_sent', 'erased_user', 'provider_event', 'events_read')
			ORDER BY 1""";

	private final Connection database;

	private final String query;

	DatabaseState(Connection database) throws SQLException {
		this.database = database;
		List<String> parts = new ArrayList<>();
		try (Statement statement = database.createStatement(); ResultSet rows = statement.executeQuery(TABLES)) {
			while (rows.next()) {
				String table = rows.getString(1);
				parts.add("SELECT '" + table + "', count(*) || ' rows, ' || "
						+ "coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM " + table + " t");
			}
		}
		this.query = String.join(" UNION ALL ", parts);
	}

	/** A fingerprint of each table. */
	Map<String, String> read() throws SQLException {
		Map<String, String> state = new TreeMap<>();
		try (Statement statement = this.database.createStatement();
				ResultSet rows = statement.executeQuery(this.query)) {
			while (rows.next()) {
				state.put(rows.getString(1), rows.getString(2));
			}
		}
		return state;
	}

}
