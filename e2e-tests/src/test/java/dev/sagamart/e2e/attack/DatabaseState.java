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
 * A fingerprint of every table of the services (number of rows and sum of their hashes),
 * to find changes by an attack. Excluded are tables that change by themselves or record
 * attempts: failed log-ins, pending messages, notifications and mails, the erased users
 * that order-service checks every minute, and events of the payment provider.
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

	/** The fingerprints by table. */
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
