package dev.sagamart.users.session.web;

import dev.sagamart.platform.web.ProblemException;
import org.springframework.http.HttpStatus;

/** Sends somebody away whose password was right, and whose code was not. */
public final class WrongCodes {

	private WrongCodes() {
	}

	/** Does not say whether the code was good once. */
	public static ProblemException refused() {
		return ProblemException.of(HttpStatus.UNAUTHORIZED, "WRONG_CODE",
				"The code of the second factor is wrong, or was used before.");
	}

}
