package dev.sagamart.users.user.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.web.ProblemException;

/**
 * A token whose user was erased, or lost a role that it names, while the request was
 * under way. Later requests are refused before they get to a controller, in the same
 * words.
 */
public final class StaleToken {

	private StaleToken() {
	}

	/** Says that the token is not valid; a new one tells what its user may do now. */
	public static ProblemException refused() {
		return ProblemException.of(Problem.INVALID_TOKEN);
	}

}
