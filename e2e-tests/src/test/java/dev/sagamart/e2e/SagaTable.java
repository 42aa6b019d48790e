package dev.sagamart.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** I7: the journals of all orders contain only transitions of {@code docs/saga.md}. */
final class SagaTable {

	private static final Pattern WORD = Pattern.compile("[A-Z]+(_[A-Z]+)+|[A-Z]{4,}");

	private final Set<String> steps;

	private SagaTable(Set<String> steps) {
		this.steps = steps;
	}

	/** Reads the table from the generated document. */
	static SagaTable read(Path document) throws IOException {
		List<String> lines = Files.readAllLines(document);
		Set<String> steps = new HashSet<>();
		for (String line : lines.subList(lines.indexOf("## The table"), lines.indexOf("## Everything else"))) {
			String[] cells = line.split("\\|", -1);
			if (cells.length < 6 || words(cells[2]).isEmpty()) {
				continue;
			}
			String from = words(cells[1]).stream().findFirst().orElse("");
			String to = words(cells[3]).stream().findFirst().orElse(from);
			words(cells[2]).forEach((trigger) -> steps.add(from + " " + trigger + " " + to));
		}
		return new SagaTable(steps);
	}

	/** The transitions in journals that are not in the table. */
	List<String> violations(Connection database) throws SQLException {
		List<String> violations = new ArrayList<>();
		try (Statement statement = database.createStatement(); ResultSet rows = statement.executeQuery("""
				SELECT before || ' ' || type || ' ' || state, min(order_id::text), count(*)
				FROM (SELECT order_id, type, state,
				             lag(state, 1, '') OVER (PARTITION BY order_id ORDER BY sequence) AS before
				      FROM orders.saga_step) s
				GROUP BY 1""")) {
			while (rows.next()) {
				if (!this.steps.contains(rows.getString(1))) {
					violations.add("I7: no row of the saga table allows " + rows.getString(1) + ", as order "
							+ rows.getString(2) + " did");
				}
			}
		}
		return violations;
	}

	private static List<String> words(String cell) {
		return WORD.matcher(cell).results().map(MatchResult::group).toList();
	}

}
