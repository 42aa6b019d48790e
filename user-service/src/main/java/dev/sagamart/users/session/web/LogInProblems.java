package dev.sagamart.users.session.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.users.session.LogIn.Throttled;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Answers to failed and throttled log-ins. */
public final class LogInProblems {

	private LogInProblems() {
	}

	/** Says in headers how long to wait. */
	public static ProblemException tooMany(Throttled throttled, String code, String detail) {
		String seconds = String.valueOf(throttled.retryAfterSeconds());
		return ProblemException.of(Problem.of(HttpStatus.TOO_MANY_REQUESTS, code, detail)
			.with(HttpHeaders.RETRY_AFTER, seconds)
			.with("RateLimit-Limit", String.valueOf(throttled.limit()))
			.with("RateLimit-Remaining", "0")
			.with("RateLimit-Reset", seconds));
	}

	public static ProblemException tooMany(Throttled throttled) {
		return tooMany(throttled, "TOO_MANY_FAILED_LOGINS",
				"Too many failed log-ins to this account. Try again later.");
	}

	/** Does not say whether the code was right before it was used. */
	public static ProblemException wrongCode() {
		return ProblemException.of(HttpStatus.UNAUTHORIZED, "WRONG_CODE",
				"The code of the second factor is wrong, or was used before.");
	}

}
