package dev.sagamart.platform.web;

import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.request.CorrelationId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost filter. It gives the request its correlation id, and turns exceptions of
 * the inner filters into problem details.
 */
class CorrelationIdFilter extends OncePerRequestFilter {

	private static final String ATTRIBUTE = CorrelationIdFilter.class.getName() + ".id";

	/** The correlation id, which is the same in every dispatch of a request. */
	static String idOf(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof String known) {
			return known;
		}
		String id = CorrelationId.of(request.getHeader(CorrelationId.HEADER));
		request.setAttribute(ATTRIBUTE, id);
		return id;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String id = idOf(request);
		response.setHeader(CorrelationId.HEADER, id);
		try (var _ = MDC.putCloseable(MessageContext.CORRELATION_ID, id)) {
			try {
				chain.doFilter(request, response);
			}
			catch (IOException | ServletException | RuntimeException ex) {
				if (ProblemMapper.isDisconnect(ex) || response.isCommitted()) {
					throw ex;
				}
				ProblemWriter.write(request, response, ProblemMapper.problemOf(ex));
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
