package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.platform.problem.Problem;
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
 * Which entries a client asks for.
 *
 * @param size how many
 * @param userId only of that user
 * @param from the least id
 * @param before the id that all are less than
 * @param filters all that was asked for, but for the page
 */
record AuditQuery(int size, @Nullable String userId, UUID from, UUID before, String filters) {

	private static final UUID LEAST = new UUID(0, 0);

	private static final UUID GREATEST = new UUID(-1, -1);

	/** The last time that fits into an id. */
	private static final Instant LAST_TIME = Instant.ofEpochMilli((1L << 48) - 1);

	/**
	 * Reads {@code pageSize}, {@code pageToken}, {@code userId}, {@code from} (inclusive)
	 * and {@code to} (exclusive). An empty one is as good as none; what cannot be read,
	 * is there twice, or is a token of other filters ends the request with 400.
	 */
	static AuditQuery of(MultiValueMap<String, String> parameters) {
		Map<String, String> filters = new TreeMap<>();
		parameters.forEach((name, values) -> {
			if (values.size() > 1) {
				throw new ProblemException(EdgeProblem.INVALID_PARAMETER);
			}
			filters.put(name, Objects.requireNonNullElse(values.getFirst(), ""));
		});
		filters.values().removeIf(String::isEmpty);
		String token = filters.remove("pageToken");
		int size = read(Problem.INVALID_PAGE_SIZE, () -> PageSize.of(filters.remove("pageSize")));
		UUID to = timeOf(filters.get("to"), GREATEST);
		String user = filters.get("userId");
		if (user != null && !user.matches("[A-Za-z0-9._-]{1,64}")) {
			throw new ProblemException(EdgeProblem.INVALID_PARAMETER);
		}
		UUID from = timeOf(filters.get("from"), LEAST);
		UUID before = (token == null) ? to : read(Problem.INVALID_PAGE_TOKEN,
				() -> UUID.fromString(PageToken.keyOf(filters.toString(), token).getFirst()));
		return new AuditQuery(size, user, from, before, filters.toString());
	}

	Instant fromTime() {
		return Instant.ofEpochMilli(this.from.getMostSignificantBits() >>> 16);
	}

	/**
	 * The token of the page after an entry, with a checksum that ties it to the filters.
	 */
	String tokenAfter(UUID id) {
		return PageToken.of(this.filters, List.of(id.toString()));
	}

	private static UUID timeOf(@Nullable String text, UUID otherwise) {
		return (text == null) ? otherwise : read(EdgeProblem.INVALID_PARAMETER, () -> {
			Instant time = Instant.parse(text);
			Assert.isTrue(!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST_TIME), "no id is of that time");
			return AuditEntry.firstIdAt(time);
		});
	}

	private static <T> T read(Problem otherwise, Supplier<T> value) {
		try {
			return value.get();
		}
		catch (IllegalArgumentException | DateTimeException _) {
			throw new ProblemException(otherwise);
		}
	}

}
