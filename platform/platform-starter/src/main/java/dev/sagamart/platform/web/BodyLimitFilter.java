package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies over a limit: at once if {@code Content-Length} says so, otherwise when
 * more has been read. Also refuses compressed bodies, whose content may be larger than
 * the limit, wildcard media types, and HTTP/0.9, which has neither headers nor an end of
 * the body.
 */
class BodyLimitFilter extends OncePerRequestFilter {

	private final long limit;

	BodyLimitFilter(long limit) {
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
	static final class BodyTooLargeException extends IOException {

		BodyTooLargeException() {
			super("The body is too large");
		}

	}

	private static final class LimitedRequest extends HttpServletRequestWrapper {

		private final long limit;

		private @Nullable ServletInputStream stream;

		LimitedRequest(HttpServletRequest request, long limit) {
			super(request);
			this.limit = limit;
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			if (this.stream == null) {
				this.stream = new LimitedStream(super.getInputStream(), this.limit);
			}
			return this.stream;
		}

		@Override
		public BufferedReader getReader() throws IOException {
			String encoding = getCharacterEncoding();
			return new BufferedReader(new InputStreamReader(getInputStream(),
					(encoding != null) ? Charset.forName(encoding) : StandardCharsets.UTF_8));
		}

	}

	private static final class LimitedStream extends ServletInputStream {

		private final ServletInputStream body;

		private long left;

		LimitedStream(ServletInputStream body, long limit) {
			this.body = body;
			this.left = limit;
		}

		@Override
		public int read() throws IOException {
			int read = this.body.read();
			count((read >= 0) ? 1 : 0);
			return read;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			int read = this.body.read(target, offset, length);
			count(read);
			return read;
		}

		private void count(int read) throws IOException {
			this.left -= Math.max(read, 0);
			if (this.left < 0) {
				throw new BodyTooLargeException();
			}
		}

		@Override
		public boolean isFinished() {
			return this.body.isFinished();
		}

		@Override
		public boolean isReady() {
			return this.body.isReady();
		}

		@Override
		public void setReadListener(ReadListener listener) {
			this.body.setReadListener(listener);
		}

	}

}
