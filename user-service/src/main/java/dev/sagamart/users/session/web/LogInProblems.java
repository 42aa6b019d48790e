package dev.sagamart.users.session.web;

import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.users.session.LogIn.Throttled;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Answers to failed and throttled log-ins. */
public final class LogInProblems {

	private LogInProblems() {
	}

	/** Sets the headers that say how long to wait. */
	public static ProblemException tooMany(Throttled throttled, HttpServletResponse response, String code,
			String detail) {
		String seconds = String.valueOf(throttled.retryAfterSeconds());
		response.setHeader(HttpHeaders.RETRY_AFTER, seconds);
		response.setHeader("RateLimit-Limit", String.valueOf(throttled.limit()));
		response.setHeader("RateLimit-Remaining", "0");
		response.setHeader("RateLimit-Reset", seconds);
		return ProblemException.of(HttpStatus.TOO_MANY_REQUESTS, code, detail);
	}

	public static ProblemException tooMany(Throttled throttled, HttpServletResponse response) {
		return tooMany(throttled, response, "TOO_MANY_FAILED_LOGINS",
				"Too many failed log-ins to this account. Try again later.");
	}

	/** Does not say whether the code was right before it was used. */
	public static ProblemException wrongCode() {
		return ProblemException.of(HttpStatus.UNAUTHORIZED, "WRONG_CODE",
				"The code of the second factor is wrong, or was used before.");
	}

}
