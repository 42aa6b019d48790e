package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.request.PageSize;
import dev.sagamart.platform.request.PageToken;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.MultiValueMap;

/**
 * The query of a client for audit entries.
 *
 * @param size of the page
 * @param userId only entries of that user
 * @param from the smallest id, inclusive
 * @param before the largest id, exclusive
 * @param filters all parameters except those of the page
 */
record AuditQuery(int size, @Nullable String userId, UUID from, UUID before, String filters) {

	private static final UUID MIN_ID = new UUID(0, 0);

	private static final UUID MAX_ID = new UUID(-1, -1);

	/** The latest time that a UUIDv7 can contain. */
	private static final Instant LAST_TIME = Instant.ofEpochMilli((1L << 48) - 1);

	/**
	 * Parses {@code pageSize}, {@code pageToken}, {@code userId}, {@code from}
	 * (inclusive) and {@code to} (exclusive). Empty parameters are ignored. Invalid or
	 * repeated parameters, and page tokens of other filters, are refused with 400.
	 */
	static AuditQuery of(MultiValueMap<String, String> parameters) {
		Map<String, String> filters = new TreeMap<>();
		parameters.forEach((name, values) -> {
			if (values.size() > 1) {
				throw ProblemException.of(EdgeProblem.INVALID_PARAMETER);
			}
			filters.put(name, Objects.requireNonNullElse(values.getFirst(), ""));
		});
		filters.values().removeIf(String::isEmpty);
		String token = filters.remove("pageToken");
		int size = parse(Problem.INVALID_PAGE_SIZE, () -> PageSize.of(filters.remove("pageSize")));
		UUID to = idOf(filters.get("to"), MAX_ID);
		String user = filters.get("userId");
		if (user != null && !user.matches("[A-Za-z0-9._-]{1,64}")) {
			throw ProblemException.of(EdgeProblem.INVALID_PARAMETER);
		}
		UUID from = idOf(filters.get("from"), MIN_ID);
		UUID before = (token == null) ? to : parse(Problem.INVALID_PAGE_TOKEN,
				() -> UUID.fromString(PageToken.keyOf(filters.toString(), token).getFirst()));
		return new AuditQuery(size, user, from, before, filters.toString());
	}

	Instant fromTime() {
		return Instant.ofEpochMilli(this.from.getMostSignificantBits() >>> 16);
	}

	/** Returns the token of the next page, which is valid with the same filters. */
	String tokenAfter(UUID id) {
		return PageToken.of(this.filters, List.of(id.toString()));
	}

	private static UUID idOf(@Nullable String text, UUID defaultId) {
		return (text == null) ? defaultId : parse(EdgeProblem.INVALID_PARAMETER, () -> {
			Instant time = Instant.parse(text);
			Assert.isTrue(!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST_TIME),
					"a UUIDv7 cannot contain this time");
			return AuditEntry.firstIdAt(time);
		});
	}

	private static <T> T parse(Problem problem, Supplier<T> value) {
		try {
			return value.get();
		}
		catch (IllegalArgumentException | DateTimeException _) {
			throw ProblemException.of(problem);
		}
	}

}
