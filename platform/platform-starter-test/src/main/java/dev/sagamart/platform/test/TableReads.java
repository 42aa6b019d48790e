package dev.sagamart.platform.test;

/**
 * What has been read of a table, as PostgreSQL counts it.
 *
 * @param sequentially rows that were read one after the other, without an index
 * @param byIndex rows that an index led to
 * @param pages of the table itself, each as often as it was looked at
 * @param indexPages of its indexes, likewise
 */
public record TableReads(long sequentially, long byIndex, long pages, long indexPages) {

	public TableReads minus(TableReads earlier) {
		return new TableReads(this.sequentially - earlier.sequentially, this.byIndex - earlier.byIndex,
				this.pages - earlier.pages, this.indexPages - earlier.indexPages);
	}

	/**
	 * The lesser of each count: what is repeated on a busy machine only reads more.
	 */
	public TableReads least(TableReads other) {
		return new TableReads(Math.min(this.sequentially, other.sequentially), Math.min(this.byIndex, other.byIndex),
				Math.min(this.pages, other.pages), Math.min(this.indexPages, other.indexPages));
	}

}
