package dev.sagamart.gateway.audit;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request, or several refusals that are counted together. The query, the headers and
 * the body of a request are not recorded, because they may contain secrets. If refusals
 * are counted together, all fields are those of the first one, except {@code lastAt},
 * {@code count} and {@code samples}.
 *
 * @param id a UUIDv7 of {@code at}
 * @param userId the caller, if a valid token or the service identified one
 * @param route the id of the route; {@code null} if the request was refused before a
 * route was chosen
 * @param address of the client; for refusals, its network
 * @param status of the response; {@code null} if the client disconnected before
 * @param code of the problem, if the gateway itself refused the request
 * @param samples some of the refusals that are counted together; otherwise empty
 */
record AuditEntry(UUID id, Instant at, Instant lastAt, @Nullable String userId, String method, String path,
		@Nullable String route, String address, @Nullable Integer status, @Nullable String code, String correlationId,
		long count, List<Sample> samples) {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final int MAX_LENGTH = 512;

	private static final int SAMPLES = 3;

	AuditEntry {
		samples = List.copyOf(samples);
	}

	AuditEntry(Instant at, @Nullable String userId, String method, String path, @Nullable String route, String address,
			@Nullable Integer status, @Nullable String code, String correlationId) {
		this(IDS.construct(at.toEpochMilli()), at, at, (userId != null) ? storable(userId, MAX_LENGTH) : null,
				storable(method, MAX_LENGTH), storable(path, MAX_LENGTH), route, address, status, code, correlationId,
				1, List.of());
	}

	/**
	 * Whether a request is only counted: with a status of 4xx, and for unknown callers
	 * also with 5xx and if they disconnect, because anybody could cause these without
	 * limit.
	 */
	static boolean isRefusal(@Nullable Integer status, @Nullable String userId) {
		return (status != null) ? status >= 400 && (status < 500 || userId == null) : userId == null;
	}

	boolean isRefusal() {
		return isRefusal(this.status, this.userId);
	}

	/** Returns this entry as the first of several that are counted together. */
	AuditEntry firstOfCount(String address, @Nullable String userId) {
		return new AuditEntry(this.id, this.at, this.at, userId, this.method, this.path, this.route, address,
				this.status, this.code, this.correlationId, 1, List.of(Sample.of(this)));
	}

	AuditEntry plus(AuditEntry next) {
		Sample sample = Sample.of(next);
		boolean isNew = this.samples.size() < SAMPLES && this.samples.stream().noneMatch(sample::isSimilarTo);
		return new AuditEntry(this.id, this.at, next.at, this.userId, this.method, this.path, this.route, this.address,
				this.status, this.code, this.correlationId, this.count + 1,
				isNew ? Stream.concat(this.samples.stream(), Stream.of(sample)).toList() : this.samples);
	}

	static UUID firstIdAt(Instant time) {
		return new UUID(time.toEpochMilli() << 16, 0);
	}

	private static String storable(String text, int maxLength) {
		String truncated = (text.length() > maxLength) ? text.substring(0, maxLength) : text;
		return truncated.replace('\0', '\ufffd');
	}

	record Sample(String method, String path, @Nullable String route, String correlationId) {

		private static final int MAX_METHOD = 20;

		private static final int MAX_PATH = 200;

		static Sample of(AuditEntry entry) {
			return new Sample(storable(entry.method, MAX_METHOD), storable(entry.path, MAX_PATH), entry.route,
					entry.correlationId);
		}

		boolean isSimilarTo(Sample other) {
			return this.method.equals(other.method) && this.path.equals(other.path);
		}

	}

}
