package dev.sagamart.gateway.problem;

import org.jspecify.annotations.Nullable;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {

	private final Problem problem;

	public ProblemException(Problem problem, String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
		this.problem = problem;
	}

	public ProblemException(Problem problem) {
		this(problem, problem.name(), null);
	}

	Problem problem() {
		return this.problem;
	}

}
