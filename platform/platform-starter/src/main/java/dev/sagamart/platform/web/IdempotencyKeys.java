package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Checks the form of an {@code Idempotency-Key}. */
final class IdempotencyKeys {

	static final Problem MISSING = Problem.of(HttpStatus.BAD_REQUEST, "IDEMPOTENCY_KEY_MISSING",
			"The header 'Idempotency-Key' is required here.");

	private static final Pattern VALID = Pattern.compile("[\\x21-\\x7e]{1,255}");

	private IdempotencyKeys() {
	}

	static String checked(@Nullable String key) {
		if (key == null) {
			throw ProblemException.of(MISSING);
		}
		if (!VALID.matcher(key).matches()) {
			throw ProblemException.badRequest("IDEMPOTENCY_KEY_INVALID",
					"The header 'Idempotency-Key' must be 1 to 255 visible ASCII characters.");
		}
		return key;
	}

}
