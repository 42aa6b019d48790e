package dev.sagamart.platform.web;

import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * Carries out a request with an {@code Idempotency-Key} once. The scope of a key is the
 * caller and the endpoint of the current request. Answers are kept for 24 hours, and of
 * each caller the latest 10,000.
 */
public interface IdempotentRequests {

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
	ResponseEntity<?> run(@Nullable String key, Object body, Supplier<ResponseEntity<?>> work);

	/**
	 * Deletes what is recorded for a user, since answers may hold personal data. A key of
	 * theirs is free again afterwards; a request that is still running is recorded all
	 * the same.
	 */
	void forget(UUID userId);

}
