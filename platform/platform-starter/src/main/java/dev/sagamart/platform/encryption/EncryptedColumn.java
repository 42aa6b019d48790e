package dev.sagamart.platform.encryption;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A column of type {@code bytea} that holds what {@link PersonalData} has encrypted, of a
 * table with a key of type {@code uuid}. All parts are SQL.
 *
 * @param purpose what the column is encrypted for, as text
 * @param plain the text of a row that a version without encryption has written, as
 * {@code bytea}; null if there is none. It replaces what is encrypted.
 * @param clear the assignment that removes it
 */
record EncryptedColumn(String table, @DefaultValue("id") String key, String column, String purpose,
		@DefaultValue("null::bytea") String plain, @DefaultValue("") String clear) {

	String name() {
		return this.table + "." + this.column;
	}

	/** Rows after a key: key, column, purpose and plain. */
	String select() {
		return "select %2$s, %3$s, %4$s, %5$s from %1$s where %2$s > ? order by %2$s limit ?".formatted(this.table,
				this.key, this.column, this.purpose, this.plain);
	}

	/** Changes a row that is still as it was read. */
	String update() {
		return """
				update %1$s set %3$s = ?%5$s
				where %2$s = ? and %3$s is not distinct from ?::bytea and (%4$s) is not distinct from ?::bytea"""
			.formatted(this.table, this.key, this.column, this.plain, this.clear.isEmpty() ? "" : ", " + this.clear);
	}

}
