package dev.sagamart.platform.database;

import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Arrays as parameters of a statement, for {@code = ANY (?)} and {@code unnest(?, …)}.
 */
public final class SqlArrays {

	private SqlArrays() {
	}

	public static SqlArrayValue uuids(Collection<UUID> ids) {
		return new SqlArrayValue("uuid", ids.toArray());
	}

	/**
	 * Returns a column of rows.
	 * @param type the PostgreSQL type of the column
	 * @param value reads the value of a row, which may be {@code null}
	 */
	public static <T> SqlArrayValue column(String type, Collection<T> rows,
			Function<T, ? extends @Nullable Object> value) {
		return new SqlArrayValue(type, rows.stream().map(value).toArray());
	}

}
