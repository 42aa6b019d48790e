package dev.sagamart.gateway.audit;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request, or a number of refusals that are counted together, as it is kept and as it
 * is shown. Of a request's query, headers and body there is nothing in it: they may hold
 * what must not be kept. Where refusals are counted, it is all about the first of them,
 * but for {@code lastAt}, {@code count} and {@code samples}.
 *
 * @param id a UUIDv7 of {@code at}
 * @param userId who it was, if a checked token or the service says so
 * @param route the id of the route; {@code null} if the request was refused before
 * @param address of the client; its network if it was refused
 * @param status of the answer; {@code null} if the client left before
 * @param code of the problem, if the gateway itself refused
 * @param samples some of the refusals that are counted; none of what is not counted
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
	 * Whether nothing came of a request, so that it is counted and not kept as it is.
	 * What the gateway or a service did not take (4xx) is, and of somebody whom nobody
	 * knows also what failed or was given up: anybody could make as many of these as they
	 * like.
	 */
	static boolean isRefusal(@Nullable Integer status, @Nullable String userId) {
		return (status != null) ? status >= 400 && (status < 500 || userId == null) : userId == null;
	}

	boolean isRefusal() {
		return isRefusal(this.status, this.userId);
	}

	/** The first of those that are counted together. */
	AuditEntry counted(String address, @Nullable String userId) {
		return new AuditEntry(this.id, this.at, this.at, userId, this.method, this.path, this.route, address,
				this.status, this.code, this.correlationId, 1, List.of(Sample.of(this)));
	}

	/** This and one more. */
	AuditEntry plus(AuditEntry next) {
		Sample sample = Sample.of(next);
		boolean shows = this.samples.size() < SAMPLES && this.samples.stream().noneMatch(sample::isLike);
		return new AuditEntry(this.id, this.at, next.at, this.userId, this.method, this.path, this.route, this.address,
				this.status, this.code, this.correlationId, this.count + 1,
				shows ? Stream.concat(this.samples.stream(), Stream.of(sample)).toList() : this.samples);
	}

	/** The least id of that time. */
	static UUID firstIdAt(Instant time) {
		return new UUID(time.toEpochMilli() << 16, 0);
	}

	private static String storable(String text, int maxLength) {
		String kept = (text.length() > maxLength) ? text.substring(0, maxLength) : text;
		return kept.replace('\0', '\ufffd');
	}

	/** One of the refusals that are counted together. */
	record Sample(String method, String path, @Nullable String route, String correlationId) {

		private static final int MAX_METHOD = 20;

		private static final int MAX_PATH = 200;

		static Sample of(AuditEntry entry) {
			return new Sample(storable(entry.method, MAX_METHOD), storable(entry.path, MAX_PATH), entry.route,
					entry.correlationId);
		}

		boolean isLike(Sample other) {
			return this.method.equals(other.method) && this.path.equals(other.path);
		}

	}

}
