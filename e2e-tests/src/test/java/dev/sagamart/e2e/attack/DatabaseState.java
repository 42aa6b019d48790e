package dev.sagamart.e2e.attack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The state of every table of the services, to find changes by an attack. Most tables
 * have one fingerprint (number of rows and sum of their hashes). Rows that the services
 * remove within minutes have one each, so that their removal can be told from a change.
 * Excluded are tables that change by themselves or record attempts: failed log-ins,
 * pending messages, notifications and mails, the erased users that order-service checks
 * every minute, and events of the payment provider.
 */
final class DatabaseState {

	private static final String TABLES = """
			SELECT table_schema || '.' || quote_ident(table_name) FROM information_schema.tables
			WHERE table_schema IN ('users', 'products', 'orders', 'payments') AND table_type = 'BASE TABLE'
			  AND table_name NOT LIKE '%flyway%'
			  AND table_name NOT IN ('inbox', 'outbox', 'failed_login', 'notification', 'account_mail', 'mail_sent', 'erased_user', 'provider_event', 'events_read')
			ORDER BY 1""";

	/** Which rows of a table the services remove when their time is over. */
	private static final Map<String, String> SHORT_LIVED = Map.of("users.authorization_code", "TRUE", "users.login",
			"TRUE", "users.second_factor", "enrolled_at IS NULL");

	private final Connection database;

	private final String query;

	DatabaseState(Connection database) throws SQLException {
		this.database = database;
		List<String> parts = new ArrayList<>();
		try (Statement statement = database.createStatement(); ResultSet rows = statement.executeQuery(TABLES)) {
			while (rows.next()) {
				String table = rows.getString(1);
				String shortLived = SHORT_LIVED.getOrDefault(table, "FALSE");
				parts.add("""
						SELECT '%1$s', count(*) || ' rows, ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
						FROM %1$s t WHERE NOT (%2$s)""".formatted(table, shortLived));
				parts.add("SELECT '%1$s', t::text FROM %1$s t WHERE %2$s".formatted(table, shortLived));
			}
		}
		this.query = String.join(" UNION ALL ", parts);
	}

	Map<String, Set<String>> read() throws SQLException {
		Map<String, Set<String>> state = new TreeMap<>();
		try (Statement statement = this.database.createStatement();
				ResultSet rows = statement.executeQuery(this.query)) {
			while (rows.next()) {
				state.computeIfAbsent(rows.getString(1), (table) -> new TreeSet<>()).add(rows.getString(2));
			}
		}
		return state;
	}

	/** The tables with anything that was not there before. */
	static List<String> changes(Map<String, Set<String>> before, Map<String, Set<String>> after) {
		return after.keySet()
			.stream()
			.filter((table) -> !before.getOrDefault(table, Set.of()).containsAll(after.get(table)))
			.toList();
	}

}
