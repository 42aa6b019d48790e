package dev.sagamart.platform.retention;

import java.sql.Timestamp;
import java.time.Instant;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Removes old rows of a table in short steps. Each step is one statement and, outside of
 * a transaction, one transaction, so that nobody waits long for its locks. Several
 * instances can run at once; each skips the rows that another one has locked.
 * <p>
 * The column needs a B-tree index. A block range index (BRIN) is not enough: a range
 * keeps the smallest value that it ever had, so that after the space of removed rows is
 * reused, every range may contain old rows, and every step reads the whole table.
 */
public final class OldRows {

	/** How many rows one statement removes at most. */
	static final int STEP = 1_000;

	/** How many statements one call runs at most. */
	private static final int STEPS = 100;

	private final JdbcTemplate jdbc;

	private final String delete;

	/**
	 * @param table the table, with its schema or without
	 * @param column the column with the time of a row
	 */
	public OldRows(JdbcTemplate jdbc, String table, String column) {
		this.jdbc = jdbc;
		this.delete = """
				delete from %1$s where ctid = any (array(
					select ctid from %1$s where %2$s <= ? order by %2$s limit ? for update skip locked))"""
			.formatted(table, column);
	}

	/**
	 * Removes rows whose time is not after the given one, the oldest first.
	 * @return whether there may be more of them
	 */
	public boolean removeUntil(Instant time) {
		for (int step = 0; step < STEPS; step++) {
			if (this.jdbc.update(this.delete, Timestamp.from(time), STEP) < STEP) {
				return false;
			}
		}
		return true;
	}

}
