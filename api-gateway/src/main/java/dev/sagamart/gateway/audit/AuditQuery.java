package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.problem.Problem;
import dev.sagamart.gateway.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which entries a client asks for.
 *
 * @param size how many
 * @param userId only of that user
 * @param from the least id
 * @param before the id that all are less than
 */
record AuditQuery(int size, @Nullable String userId, UUID from, UUID before) {

	private static final int DEFAULT_SIZE = 20;

	private static final int MAX_SIZE = 100;

	private static final UUID LEAST = new UUID(0, 0);

	private static final UUID GREATEST = new UUID(-1, -1);

	/** The last time that fits into an id. */
	private static final Instant LAST_TIME = Instant.ofEpochMilli((1L << 48) - 1);

	/**
	 * Reads {@code pageSize}, {@code pageToken}, {@code userId}, {@code from} (inclusive)
	 * and {@code to} (exclusive); what cannot be read ends the request with 400.
	 */
	static AuditQuery of(MultiValueMap<String, String> parameters) {
		UUID before = timeOf(parameters.getFirst("to"), GREATEST);
		String token = parameters.getFirst("pageToken");
		if (token != null) {
			before = idOf(token);
		}
		return new AuditQuery(sizeOf(parameters.getFirst("pageSize")), userOf(parameters.getFirst("userId")),
				timeOf(parameters.getFirst("from"), LEAST), before);
	}

	/** The token of the page after an entry. */
	static String tokenAfter(UUID id) {
		byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private static UUID idOf(String token) {
		try {
			byte[] bytes = Base64.getUrlDecoder().decode(token);
			if (bytes.length == 2 * Long.BYTES) {
				ByteBuffer buffer = ByteBuffer.wrap(bytes);
				return new UUID(buffer.getLong(), buffer.getLong());
			}
		}
		catch (IllegalArgumentException _) {
			// falls through: not Base64
		}
		throw new ProblemException(Problem.INVALID_PAGE_TOKEN);
	}

	private static int sizeOf(@Nullable String text) {
		if (text == null) {
			return DEFAULT_SIZE;
		}
		int size = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
		if (size < 1 || size > MAX_SIZE) {
			throw new ProblemException(Problem.INVALID_PAGE_SIZE);
		}
		return size;
	}

	private static @Nullable String userOf(@Nullable String text) {
		if (text != null && !text.matches("[A-Za-z0-9._-]{1,64}")) {
			throw new ProblemException(Problem.INVALID_PARAMETER);
		}
		return text;
	}

	private static UUID timeOf(@Nullable String text, UUID otherwise) {
		if (text == null) {
			return otherwise;
		}
		try {
			Instant time = Instant.parse(text);
			if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST_TIME)) {
				return AuditEntry.firstIdAt(time);
			}
		}
		catch (DateTimeException _) {
			// falls through: not a time
		}
		throw new ProblemException(Problem.INVALID_PARAMETER);
	}

}
