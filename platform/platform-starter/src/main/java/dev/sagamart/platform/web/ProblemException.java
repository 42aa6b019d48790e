package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.Problem;
import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * Ends a request with problem details (RFC 9457). To be thrown in {@code web} packages
 * only: what a refusal means in HTTP is decided there.
 */
public final class ProblemException extends RuntimeException {

	private final Problem problem;

	private ProblemException(Problem problem) {
		super(problem.detail(), null, false, false);
		this.problem = problem;
	}

	/** A problem that the platform knows. */
	public static ProblemException of(Problem problem) {
		return new ProblemException(problem);
	}

	/**
	 * A problem.
	 * @param code the stable upper-snake word of the contract
	 * @param detail a sentence for people, without internals
	 */
	public static ProblemException of(HttpStatus status, String code, String detail) {
		return of(Problem.of(status, code, detail));
	}

	public static ProblemException badRequest(String code, String detail) {
		return of(HttpStatus.BAD_REQUEST, code, detail);
	}

	public static ProblemException notFound(String detail) {
		return of(HttpStatus.NOT_FOUND, "NOT_FOUND", detail);
	}

	public static ProblemException conflict(String code, String detail) {
		return of(HttpStatus.CONFLICT, code, detail);
	}

	public static ProblemException unprocessable(String code, String detail) {
		return of(HttpStatus.UNPROCESSABLE_CONTENT, code, detail);
	}

	/**
	 * A readable but invalid request, with the fields at fault: 422
	 * {@code VALIDATION_FAILED}.
	 */
	public static ProblemException invalid(FieldProblem... errors) {
		return of(Problem.invalid(List.of(errors)));
	}

	Problem problem() {
		return this.problem;
	}

}
