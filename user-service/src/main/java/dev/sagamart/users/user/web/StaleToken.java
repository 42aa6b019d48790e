package dev.sagamart.users.user.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;

/**
 * Refuses a token whose user was erased or lost a role during the request. Later requests
 * are refused in the same way before they reach a controller.
 */
public final class StaleToken {

	private StaleToken() {
	}

	/** Says that the token is not valid. */
	public static ProblemException refused() {
		return ProblemException.of(Problem.INVALID_TOKEN);
	}

}
