package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code pageSize} and {@code pageToken} of a list request, as a controller
 * parameter. A size outside 1..100 and a token of another list end the request with 400;
 * an empty parameter counts as absent.
 *
 * @param size the number of items, 20 by default
 * @param after the parts of the sort key of the last item on the previous page, as text;
 * empty for the first page
 * @param list identifies the list, including its filters
 */
public record PageQuery(int size, List<String> after, String list) {

	public PageQuery {
		after = List.copyOf(after);
	}

	/** How many rows to select: one more than the page holds, see {@link Page#of}. */
	public int fetchSize() {
		return this.size + 1;
	}

	public boolean isFirst() {
		return this.after.isEmpty();
	}

	/**
	 * Reads the sort key, which a client may have made up. Any exception of the function
	 * ends the request with 400 {@code INVALID_PAGE_TOKEN}. The function must refuse what
	 * the database would refuse.
	 */
	public <K> K after(Function<List<String>, K> reader) {
		try {
			return reader.apply(this.after);
		}
		catch (RuntimeException ex) {
			throw ProblemException.of(Problem.INVALID_PAGE_TOKEN);
		}
	}

	/**
	 * The id after which the page starts, for lists that are sorted by id; {@code null}
	 * for the first page.
	 */
	public @Nullable UUID afterId() {
		return isFirst() ? null : after((key) -> StrictUuid.of((key.size() == 1) ? key.getFirst() : ""));
	}

}
