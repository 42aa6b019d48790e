package dev.sagamart.platform.web;

import dev.sagamart.platform.messaging.MessageContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost filter: gives the request its correlation id, and turns what escapes the
 * filters inside of it into problem details.
 */
class CorrelationIdFilter extends OncePerRequestFilter {

	private final ProblemMapper problems;

	CorrelationIdFilter(ProblemMapper problems) {
		this.problems = problems;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String id = CorrelationId.of(request);
		response.setHeader(CorrelationId.HEADER, id);
		try (var _ = MDC.putCloseable(MessageContext.CORRELATION_ID, id)) {
			chain.doFilter(request, response);
		}
		catch (IOException | ServletException | RuntimeException ex) {
			if (ProblemMapper.isDisconnect(ex)) {
				throw ex;
			}
			try (var _ = MDC.putCloseable(MessageContext.CORRELATION_ID, id)) {
				if (response.isCommitted()) {
					throw ex;
				}
				ProblemWriter.write(request, response, this.problems.problemOf(ex));
			}
		}
	}

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected boolean shouldNotFilterErrorDispatch() {
		return false;
	}

}
