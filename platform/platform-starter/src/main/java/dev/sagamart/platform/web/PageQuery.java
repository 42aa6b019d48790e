package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.request.PageToken;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code pageSize} and {@code pageToken} of a list request, as a controller
 * parameter. A size outside 1..100 and a token that no page of the same list came with
 * end the request with 400; an empty one is as good as none.
 *
 * @param size how many items the client wants, 20 unless it says otherwise
 * @param after the sort key of the last item of the page before, its parts as text; empty
 * for the first page
 * @param list which list it is, its filters included
 */
public record PageQuery(int size, List<String> after, String list) {

	public PageQuery {
		after = List.copyOf(after);
	}

	/** How many rows to select: one more than asked for, see {@link Page#of}. */
	public int fetchSize() {
		return this.size + 1;
	}

	public boolean isFirst() {
		return this.after.isEmpty();
	}

	/**
	 * Reads the sort key with a function that may throw, because a client can make up any
	 * key: whatever it throws ends the request with 400 {@code INVALID_PAGE_TOKEN}. It
	 * must not let through what the database would refuse.
	 */
	public <K> K after(Function<List<String>, K> reader) {
		try {
			return reader.apply(this.after);
		}
		catch (RuntimeException ex) {
			throw invalidToken();
		}
	}

	/**
	 * The id that the page starts after, where the id of an item is its whole sort key;
	 * {@code null} for the first page.
	 */
	public @Nullable UUID afterId() {
		return isFirst() ? null : after((key) -> StrictUuid.of((key.size() == 1) ? key.getFirst() : ""));
	}

	static ProblemException invalidToken() {
		return ProblemException.of(Problem.INVALID_PAGE_TOKEN);
	}

	String tokenOf(List<String> key) {
		return PageToken.of(this.list, key);
	}

}
