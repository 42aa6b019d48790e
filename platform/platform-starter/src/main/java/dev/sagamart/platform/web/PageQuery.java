package dev.sagamart.platform.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * The {@code pageSize} and {@code pageToken} of a list request, as a controller
 * parameter. A size outside 1..100 and a malformed token end the request with 400.
 *
 * @param size how many items the client wants, 20 unless it says otherwise
 * @param after the sort key of the last item of the page before, its parts as text; empty
 * for the first page
 */
public record PageQuery(int size, List<String> after) {

	/**
	 * Between the parts of a key; cannot occur in text that PostgreSQL stores as
	 * JSON-safe key.
	 */
	private static final String SEPARATOR = "\u001f";

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
	 * Reads the sort key with a function that may throw, because a client can send any
	 * token: whatever it throws ends the request with 400 {@code INVALID_PAGE_TOKEN}.
	 */
	public <K> K after(Function<List<String>, K> reader) {
		try {
			return reader.apply(this.after);
		}
		catch (RuntimeException ex) {
			throw invalidToken();
		}
	}

	static ProblemException invalidToken() {
		return ProblemException.badRequest("INVALID_PAGE_TOKEN", "'pageToken' is not one that a page came with.");
	}

	static String tokenOf(List<String> key) {
		return Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(String.join(SEPARATOR, key).getBytes(StandardCharsets.UTF_8));
	}

	static List<String> keyOf(String token) {
		return Arrays
			.asList(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(SEPARATOR, -1));
	}

}
