package dev.sagamart.gateway.audit;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request, as it is kept and as it is shown. Of a request's query, headers and body
 * there is nothing in it: they may hold what must not be kept.
 *
 * @param id a UUIDv7 of {@code at}
 * @param userId who it was, if a checked token or the service says so
 * @param route the id of the route; {@code null} if the request was refused before
 * @param address of the client
 * @param status of the answer; {@code null} if the client left before
 * @param code of the problem, if the gateway itself refused
 */
record AuditEntry(UUID id, Instant at, @Nullable String userId, String method, String path, @Nullable String route,
		String address, @Nullable Integer status, @Nullable String code, String correlationId) {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final Set<Integer> REFUSALS = Set.of(401, 403, 429);

	private static final int MAX_LENGTH = 512;

	AuditEntry(Instant at, @Nullable String userId, String method, String path, @Nullable String route, String address,
			@Nullable Integer status, @Nullable String code, String correlationId) {
		this(IDS.construct(at.toEpochMilli()), at, (userId != null) ? storable(userId) : null, storable(method),
				storable(path), route, address, status, code, correlationId);
	}

	/** Whether somebody was not let do what they wanted to. */
	static boolean isRefusal(@Nullable Integer status) {
		return status != null && REFUSALS.contains(status);
	}

	/** The least id of that time. */
	static UUID firstIdAt(Instant time) {
		return new UUID(time.toEpochMilli() << 16, 0);
	}

	private static String storable(String text) {
		String kept = (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) : text;
		return kept.replace('\0', '\ufffd');
	}

}
