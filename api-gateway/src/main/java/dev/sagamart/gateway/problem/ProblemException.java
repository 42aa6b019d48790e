package dev.sagamart.gateway.problem;

import dev.sagamart.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

public final class ProblemException extends RuntimeException {

	private final Problem problem;

	public ProblemException(Problem problem, String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
		this.problem = problem;
	}

	public ProblemException(Problem problem) {
		this(problem, problem.code(), null);
	}

	Problem problem() {
		return this.problem;
	}

}
