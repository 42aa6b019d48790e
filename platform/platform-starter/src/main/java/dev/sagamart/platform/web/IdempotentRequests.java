package dev.sagamart.platform.web;

import dev.sagamart.platform.Digests;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.retention.SurplusRows;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.Principal;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries out a request with an {@code Idempotency-Key} once. The scope of a key is the
 * caller and the endpoint of the current request. The table {@code idempotency_key} keeps
 * answers for 24 hours, at most the latest 10,000 of each caller. They are encrypted if
 * the service encrypts personal data.
 * <p>
 * One transaction holds an advisory lock on the key, the work, and the row with the
 * answer, so a crash at any moment leaves all of it or nothing. A request costs two
 * statements: one takes the lock and looks for an answer, one stores the answer.
 */
public class IdempotentRequests {

	static final Duration KEPT = Duration.ofHours(24);

	/** The maximum number of answers of one caller; the oldest are removed first. */
	static final int MAX_PER_CALLER = 10_000;

	static final String REPLAYED = "Idempotent-Replayed";

	private static final int ATTEMPTS = 3;

	private static final String LOCK_AND_FIND = """
			with attempt as materialized (select pg_try_advisory_xact_lock(?) as locked)
			select attempt.locked, k.body_hash, k.status, k.location, k.content_type, k.body, k.encrypted
			from attempt left join idempotency_key k on k.caller = ? and k.endpoint = ? and k.key = ?
				and k.created_at > ?""";

	private static final String STORE = """
			insert into idempotency_key as k (caller, endpoint, key, body_hash, status, location, content_type, body, encrypted, created_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (caller, endpoint, key) do update set body_hash = excluded.body_hash, status = excluded.status,
				location = excluded.location, content_type = excluded.content_type, body = excluded.body,
				encrypted = excluded.encrypted, created_at = excluded.created_at
			where k.created_at <= ?""";

	private final JdbcTemplate jdbc;

	private final OldRows expired;

	private final SurplusRows surplus;

	private final TransactionTemplate transaction;

	private final JsonMapper json;

	private final JsonMapper canonicalJson;

	private final Clock clock;

	private final String service;

	private final @Nullable PersonalData personalData;

	IdempotentRequests(JdbcTemplate jdbc, TransactionTemplate transaction, JsonMapper json, Clock clock,
			@Value("${spring.application.name:}") String service, @Nullable PersonalData personalData) {
		this.jdbc = jdbc;
		this.expired = new OldRows(jdbc, "idempotency_key", "created_at");
		this.surplus = new SurplusRows(jdbc, transaction, "idempotency_key", "caller", "created_at");
		this.transaction = transaction;
		this.json = json;
		this.canonicalJson = json.rebuild()
			.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
			.build();
		this.clock = clock;
		this.service = service;
		this.personalData = personalData;
	}

	/**
	 * Runs the work in a transaction that also records the answer, or gives the recorded
	 * answer again (status, body, {@code Location}, and
	 * {@code Idempotent-Replayed: true}). If the work throws, nothing is recorded and the
	 * key stays free.
	 * @param key the header's value; missing, empty, longer than 255 or not visible
	 * ASCII: 400
	 * @param body the request body, compared by its JSON form; another body under the
	 * same key: 422 {@code IDEMPOTENCY_KEY_REUSED}; the first still running: 409
	 * {@code IDEMPOTENCY_KEY_IN_USE}
	 */
	public ResponseEntity<?> run(@Nullable String key, Object body, Supplier<ResponseEntity<?>> work) {
		Scope scope = Scope.of(IdempotencyKeys.checked(key), this.service);
		String content = this.canonicalJson.writeValueAsString(body);
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			ResponseEntity<?> answer = this.transaction.execute((status) -> {
				ResponseEntity<byte[]> made = once(scope, content, work);
				if (made == null || made.getStatusCode().is5xxServerError()) {
					status.setRollbackOnly();
				}
				return made;
			});
			if (answer != null) {
				return answer;
			}
		}
		throw inUse();
	}

	/** Returns {@code null} if another request committed the key in the meantime. */
	private @Nullable ResponseEntity<byte[]> once(Scope scope, String content, Supplier<ResponseEntity<?>> work) {
		Instant now = this.clock.instant();
		Timestamp oldest = Timestamp.from(now.minus(KEPT));
		Recorded recorded = this.jdbc.queryForObject(LOCK_AND_FIND, (row, _) -> {
			if (!row.getBoolean("locked")) {
				throw inUse();
			}
			byte[] hash = row.getBytes("body_hash");
			return new Recorded(hash, row.getInt("status"), row.getString("location"), row.getString("content_type"),
					row.getBytes("body"), row.getBoolean("encrypted"));
		}, scope.lock(), scope.caller(), scope.endpoint(), scope.key(), oldest);
		if (recorded != null && recorded.bodyHash() != null) {
			if (!MessageDigest.isEqual(recorded.bodyHash(), hash(content, recorded.encrypted()))) {
				throw ProblemException.unprocessable("IDEMPOTENCY_KEY_REUSED",
						"This idempotency key was used with another body.");
			}
			return recorded.replayed(decrypted(recorded, scope));
		}
		ResponseEntity<byte[]> answer = inBytes(work.get());
		if (answer.getStatusCode().is5xxServerError()) {
			return answer;
		}
		HttpHeaders headers = answer.getHeaders();
		boolean encrypted = this.personalData != null;
		int stored = this.jdbc.update(STORE, scope.caller(), scope.endpoint(), scope.key(), hash(content, encrypted),
				answer.getStatusCode().value(), headers.getFirst(HttpHeaders.LOCATION),
				headers.getFirst(HttpHeaders.CONTENT_TYPE), encrypted(answer.getBody(), scope), encrypted,
				Timestamp.from(now), oldest);
		return (stored == 1) ? answer : null;
	}

	/** The hash of encrypted content has a key, so that guesses cannot be checked. */
	private byte[] hash(String content, boolean encrypted) {
		return (encrypted && this.personalData != null) ? this.personalData.fingerprint(content)
				: Digests.sha256(content);
	}

	private byte @Nullable [] encrypted(byte @Nullable [] body, Scope scope) {
		return (body != null && this.personalData != null) ? this.personalData.encrypt(body, scope.name()) : body;
	}

	private byte @Nullable [] decrypted(Recorded recorded, Scope scope) {
		byte[] body = recorded.body();
		return (body != null && recorded.encrypted() && this.personalData != null)
				? this.personalData.decryptBytes(body, scope.name()) : body;
	}

	/**
	 * Deletes the answers of a user, because they may contain personal data. The keys of
	 * the user are free again; a request that is still running is recorded nevertheless.
	 */
	public void forget(UUID userId) {
		this.jdbc.update("delete from idempotency_key where caller = ?", userId.toString());
	}

	/** Removes answers that are no longer kept, in every instance. */
	@Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
	void removeExpired() {
		this.expired.removeUntil(this.clock.instant().minus(KEPT));
	}

	/** Removes the oldest answers of callers who have too many. */
	@Scheduled(initialDelay = 5, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
	void removeSurplus() {
		this.surplus.removeBeyond(MAX_PER_CALLER);
	}

	/** Serialises once, so that the first answer and its replays have the same bytes. */
	private ResponseEntity<byte[]> inBytes(ResponseEntity<?> answer) {
		Object body = answer.getBody();
		if (body == null) {
			return new ResponseEntity<>(answer.getHeaders(), answer.getStatusCode());
		}
		HttpHeaders headers = HttpHeaders.copyOf(answer.getHeaders());
		if (headers.getContentType() == null) {
			headers.setContentType(MediaType.APPLICATION_JSON);
		}
		return new ResponseEntity<>(this.json.writeValueAsBytes(body), headers, answer.getStatusCode());
	}

	private static ProblemException inUse() {
		return ProblemException.conflict("IDEMPOTENCY_KEY_IN_USE",
				"The first request with this idempotency key is still running.");
	}

	/**
	 * The caller and the endpoint for which a key is valid.
	 *
	 * @param endpoint the path with decoded variables, so that different spellings of a
	 * path are the same endpoint
	 * @param name the service, the caller, the endpoint and the key in one text
	 */
	private record Scope(String caller, String endpoint, String key, String name) {

		static Scope of(String key, String service) {
			HttpServletRequest request = ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())
				.getRequest();
			Principal principal = request.getUserPrincipal();
			String caller = (principal != null) ? principal.getName() : "";
			String endpoint = endpointOf(request);
			return new Scope(caller, endpoint, key, String.join("\n", service, caller, endpoint, key));
		}

		/** The number of the advisory lock. */
		long lock() {
			return ByteBuffer.wrap(Digests.sha256(this.name)).getLong();
		}

		private static String endpointOf(HttpServletRequest request) {
			Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
			String endpoint = request.getMethod() + " " + Objects.toString(pattern, request.getRequestURI());
			Map<String, String> variables = new TreeMap<>();
			if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> map) {
				map.forEach((name, value) -> variables.put(name.toString(), canonical(value.toString())));
			}
			return variables.isEmpty() ? endpoint : endpoint + " " + variables;
		}

		private static String canonical(String variable) {
			return StrictUuid.isCanonical(variable) ? variable.toLowerCase(Locale.ROOT) : variable;
		}

	}

	/**
	 * A recorded answer.
	 *
	 * @param bodyHash {@code null} if nothing is recorded
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Recorded(byte @Nullable [] bodyHash, int status, @Nullable String location,
			@Nullable String contentType, byte @Nullable [] body, boolean encrypted) {

		ResponseEntity<byte[]> replayed(byte @Nullable [] content) {
			ResponseEntity.BodyBuilder answer = ResponseEntity.status(this.status).header(REPLAYED, "true");
			if (this.location != null) {
				answer.header(HttpHeaders.LOCATION, this.location);
			}
			if (this.contentType != null) {
				answer.header(HttpHeaders.CONTENT_TYPE, this.contentType);
			}
			return answer.body(content);
		}

	}

}
