package dev.sagamart.platform.retention;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes the oldest rows of owners that have too many in a table, so that no owner fills
 * it alone. It works in short steps like {@link OldRows}, and several instances can run
 * at once.
 * <p>
 * Run it every few minutes; between two runs an owner may have more rows. It counts the
 * rows of all owners in an index, which has to begin with the owner.
 */
public final class SurplusRows {

	/** How many owners one call handles at most; the next call handles others. */
	private static final int OWNERS = 1_000;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final String crowded;

	private final String delete;

	/**
	 * @param table the table, with its schema or without
	 * @param owner the column with the owner of a row
	 * @param age the column that orders the rows of an owner, oldest first
	 */
	public SurplusRows(JdbcTemplate jdbc, TransactionTemplate transaction, String table, String owner, String age) {
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.crowded = """
				select %2$s from %1$s group by %2$s having count(*) > ? order by count(*) desc limit ?"""
			.formatted(table, owner);
		this.delete = """
				delete from %1$s where ctid = any (array(
					select ctid from %1$s where %2$s = ? and %3$s < (
						select %3$s from %1$s where %2$s = ? order by %3$s desc offset ? limit 1)
					order by %3$s limit ? for update skip locked))""".formatted(table, owner, age);
	}

	/**
	 * Keeps the newest rows of each owner, up to a number, and the rows that are as old
	 * as the oldest of these.
	 */
	public void removeBeyond(int most) {
		for (Object owner : crowded(most)) {
			boolean more = true;
			while (more) {
				more = this.jdbc.update(this.delete, owner, owner, most - 1, OldRows.STEP) == OldRows.STEP;
			}
		}
	}

	/** Counting a large table takes longer than the statement time-out of the pool. */
	private List<Object> crowded(int most) {
		return this.transaction.execute((status) -> {
			this.jdbc.execute("set local statement_timeout = '1min'");
			return this.jdbc.query(this.crowded, (row, _) -> row.getObject(1), most, OWNERS);
		});
	}

}
