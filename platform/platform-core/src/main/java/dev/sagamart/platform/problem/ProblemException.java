package dev.sagamart.platform.problem;

import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * Ends a request with problem details (RFC 9457). In a service, only {@code web} packages
 * may throw it, because they decide what a refusal means in HTTP.
 */
public final class ProblemException extends RuntimeException {

	private final Problem problem;

	private ProblemException(Problem problem, String message) {
		super(message, null, false, false);
		this.problem = problem;
	}

	public static ProblemException of(Problem problem) {
		return of(problem, problem.detail());
	}

	/** Creates an exception with a message for the log, which the client does not see. */
	public static ProblemException of(Problem problem, String message) {
		return new ProblemException(problem, message);
	}

	/**
	 * Creates an exception with a problem of the service.
	 * @param code the stable upper-case code of the API contract
	 * @param detail a sentence for people, without internal details
	 */
	public static ProblemException of(HttpStatus status, String code, String detail) {
		return of(Problem.of(status, code, detail));
	}

	/**
	 * Refuses a token whose user was erased or lost a role during the request. Later
	 * requests are refused in the same way before they reach a controller.
	 */
	public static ProblemException invalidToken() {
		return of(Problem.INVALID_TOKEN);
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

	public Problem problem() {
		return this.problem;
	}

}
