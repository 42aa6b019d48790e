package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.problem.EdgeProblem;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.platform.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
 * @param filters all that was asked for, but for the page
 */
record AuditQuery(int size, @Nullable String userId, UUID from, UUID before, String filters) {

	private static final int ID_LENGTH = 2 * Long.BYTES;

	private static final int CHECKSUM_LENGTH = 8;

	private static final int DEFAULT_SIZE = 20;

	private static final int MAX_SIZE = 100;

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
		int size = sizeOf(filters.remove("pageSize"));
		UUID to = timeOf(filters.get("to"), GREATEST);
		return new AuditQuery(size, userOf(filters.get("userId")), timeOf(filters.get("from"), LEAST),
				(token != null) ? idOf(token, filters.toString()) : to, filters.toString());
	}

	Instant fromTime() {
		return Instant.ofEpochMilli(this.from.getMostSignificantBits() >>> 16);
	}

	/**
	 * The token of the page after an entry, with a checksum that ties it to the filters.
	 */
	String tokenAfter(UUID id) {
		return token(id, this.filters);
	}

	private static String token(UUID id, String filters) {
		byte[] key = ByteBuffer.allocate(ID_LENGTH)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(filters.getBytes(StandardCharsets.UTF_8));
			byte[] token = Arrays.copyOf(key, ID_LENGTH + CHECKSUM_LENGTH);
			System.arraycopy(digest.digest(key), 0, token, ID_LENGTH, CHECKSUM_LENGTH);
			return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static UUID idOf(String token, String filters) {
		try {
			byte[] bytes = Base64.getUrlDecoder().decode(token);
			if (bytes.length == ID_LENGTH + CHECKSUM_LENGTH) {
				ByteBuffer buffer = ByteBuffer.wrap(bytes);
				UUID id = new UUID(buffer.getLong(), buffer.getLong());
				if (token.equals(token(id, filters))) {
					return id;
				}
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
			throw new ProblemException(EdgeProblem.INVALID_PARAMETER);
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
		throw new ProblemException(EdgeProblem.INVALID_PARAMETER);
	}

}
