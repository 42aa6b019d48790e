package dev.sagamart.platform.test;

/**
 * The reads of a table, as counted by PostgreSQL.
 *
 * @param sequentially rows that were read by sequential scans
 * @param byIndex rows that were read by index scans
 * @param pages accesses to pages of the table
 * @param indexPages accesses to pages of its indexes
 */
public record TableReads(long sequentially, long byIndex, long pages, long indexPages) {

	public TableReads minus(TableReads earlier) {
		return new TableReads(this.sequentially - earlier.sequentially, this.byIndex - earlier.byIndex,
				this.pages - earlier.pages, this.indexPages - earlier.indexPages);
	}

	/**
	 * The minimum of each count, because retries on a busy machine only add reads.
	 */
	public TableReads least(TableReads other) {
		return new TableReads(Math.min(this.sequentially, other.sequentially), Math.min(this.byIndex, other.byIndex),
				Math.min(this.pages, other.pages), Math.min(this.indexPages, other.indexPages));
	}

}
