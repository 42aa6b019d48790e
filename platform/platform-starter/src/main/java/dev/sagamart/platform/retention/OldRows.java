package dev.sagamart.platform.retention;

import java.sql.Timestamp;
import java.time.Instant;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Removes the rows of a table that have had their time, in short steps: each is a
 * statement and, outside of a transaction, a transaction of its own, so that nobody waits
 * for its locks. Any number of instances may do so at once; each leaves out what another
 * one is busy with.
 * <p>
 * The column needs a B-tree index. A block range index (BRIN) does not do: a range keeps
 * the least value that it ever had, so that once the room of removed rows is used again,
 * every range may hold old rows, and every step reads the whole table.
 */
public final class OldRows {

	/** Most rows that one statement removes. */
	static final int STEP = 1_000;

	/** Most statements of one call, so that it does not hold up other tasks for long. */
	private static final int STEPS = 100;

	private final JdbcTemplate jdbc;

	private final String delete;

	/**
	 * @param table the table, with its schema or without
	 * @param column the time that decides about a row
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
