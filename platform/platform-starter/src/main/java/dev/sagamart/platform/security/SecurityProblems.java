package dev.sagamart.platform.security;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.web.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** Answers refusals with problem details, which never say why a token is not valid. */
class SecurityProblems implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

	/** A token that could not be checked may be valid, so the answer is not 401. */
	@Override
	public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException error)
			throws IOException {
		AuthenticationException failure = AccessTokenFilter.failureOf(request);
		if (failure instanceof AuthenticationServiceException) {
			throw failure;
		}
		ProblemWriter.write(request, response, (failure != null) ? Problem.INVALID_TOKEN : Problem.UNAUTHENTICATED);
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException error)
			throws IOException {
		ProblemWriter.write(request, response, Problem.ACCESS_DENIED);
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException error)
			throws IOException {
		ProblemWriter.write(request, response,
				METHODS.contains(request.getMethod()) ? Problem.BAD_REQUEST : Problem.METHOD_NOT_KNOWN);
	}

}
