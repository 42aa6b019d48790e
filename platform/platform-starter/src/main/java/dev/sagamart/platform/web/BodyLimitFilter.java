package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;

/**
 * Refuses bodies over a limit: at once if {@code Content-Length} says so, otherwise when
 * more has been read. Also refuses compressed bodies, whose content may be larger than
 * the limit, wildcard media types, and HTTP/0.9, which has neither headers nor an end of
 * the body.
 */
class BodyLimitFilter extends OncePerRequestFilter {

	private final int limit;

	BodyLimitFilter(int limit) {
		this.limit = limit;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getProtocol().isEmpty()) {
			ProblemWriter.write(request, response, Problem.BAD_REQUEST);
			return;
		}
		String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
		if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
			ProblemWriter.write(request, response,
					Problem.UNSUPPORTED_MEDIA_TYPE.with(HttpHeaders.ACCEPT_ENCODING, "identity"));
		}
		else if (isWildcard(request.getContentType())) {
			ProblemWriter.write(request, response, Problem.UNSUPPORTED_MEDIA_TYPE);
		}
		else if (request.getContentLengthLong() > this.limit) {
			ProblemWriter.write(request, response, Problem.CONTENT_TOO_LARGE);
		}
		else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			chain.doFilter(new LimitedRequest(request, this.limit), response);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/** No body can have such a media type; Spring would answer it with 500. */
	private static boolean isWildcard(@Nullable String contentType) {
		return contentType != null && contentType.replaceFirst(";.*", "").contains("*");
	}

	/** The body is larger than the limit, which was noticed while it was read. */
	static final class BodyTooLargeException extends RuntimeException {

		BodyTooLargeException() {
			super("The body is too large");
		}

	}

	/** The wrapper counts what is read by keeping it, up to the limit. */
	private static final class LimitedRequest extends ContentCachingRequestWrapper {

		LimitedRequest(HttpServletRequest request, int limit) {
			super(request, limit);
		}

		@Override
		protected void handleContentOverflow(int limit) {
			throw new BodyTooLargeException();
		}

	}

}
