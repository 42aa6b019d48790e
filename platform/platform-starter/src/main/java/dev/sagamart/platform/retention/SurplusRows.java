package dev.sagamart.platform.retention;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes the oldest rows of whoever has too many in a table, so that nobody fills it
 * alone. Rows go in short steps, as with {@link OldRows}, and any number of instances may
 * do so at once.
 * <p>
 * For a task that runs every few minutes, between which somebody may have more: it counts
 * the rows of all owners in an index, which has to begin with the owner.
 */
public final class SurplusRows {

	/** Most owners of one call; the others are served by the next. */
	private static final int OWNERS = 1_000;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final String crowded;

	private final String delete;

	/**
	 * @param table the table, with its schema or without
	 * @param owner the column that says whose a row is
	 * @param age the column by which an owner's rows are ordered, the oldest first
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
	 * Leaves each owner no more than so many rows, the youngest, and those that are as
	 * old as the oldest of these.
	 */
	public void removeBeyond(int most) {
		for (Object owner : crowded(most)) {
			boolean more = true;
			while (more) {
				more = this.jdbc.update(this.delete, owner, owner, most - 1, OldRows.STEP) == OldRows.STEP;
			}
		}
	}

	/** Counting takes as long as the table is large, and not as the pool has it. */
	private List<Object> crowded(int most) {
		return this.transaction.execute((status) -> {
			this.jdbc.execute("set local statement_timeout = '1min'");
			return this.jdbc.query(this.crowded, (row, _) -> row.getObject(1), most, OWNERS);
		});
	}

}
