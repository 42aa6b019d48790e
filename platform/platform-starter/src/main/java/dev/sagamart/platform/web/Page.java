package dev.sagamart.platform.web;

import dev.sagamart.platform.request.PageToken;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list, as every list of the API is returned.
 *
 * @param nextPageToken the token of the next page; {@code null} on the last page
 */
public record Page<T>(List<T> items, @Nullable String nextPageToken) {

	public Page {
		items = List.copyOf(items);
	}

	/**
	 * Makes a page of rows that were fetched with {@link PageQuery#fetchSize()}. One row
	 * more than the page holds means that there is a next page.
	 * @param toItem makes the public form of a row
	 * @param keyOf the parts of the sort key of a row as text; the next page starts after
	 * it
	 */
	public static <R, T> Page<T> of(List<R> rows, PageQuery query, Function<R, T> toItem,
			Function<R, List<String>> keyOf) {
		boolean more = rows.size() > query.size();
		List<R> shown = more ? rows.subList(0, query.size()) : rows;
		return new Page<>(shown.stream().map(toItem).toList(),
				more ? PageToken.of(query.list(), keyOf.apply(shown.getLast())) : null);
	}

}
