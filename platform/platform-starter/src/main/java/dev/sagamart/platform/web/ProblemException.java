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

	private final HttpStatus status;

	private final String code;

	private final List<FieldProblem> errors;

	private ProblemException(HttpStatus status, String code, String detail, List<FieldProblem> errors) {
		super(detail, null, false, false);
		this.status = status;
		this.code = code;
		this.errors = errors;
	}

	/** A problem that the platform knows. */
	public static ProblemException of(Problem problem) {
		return new ProblemException(problem.status(), problem.code(), problem.detail(), problem.errors());
	}

	/**
	 * A problem.
	 * @param code the stable upper-snake word of the contract
	 * @param detail a sentence for people, without internals
	 */
	public static ProblemException of(HttpStatus status, String code, String detail) {
		return new ProblemException(status, code, detail, List.of());
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

	public HttpStatus status() {
		return this.status;
	}

	public String code() {
		return this.code;
	}

	public List<FieldProblem> errors() {
		return this.errors;
	}

}
