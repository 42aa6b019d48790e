package dev.sagamart.platform.security;

import dev.sagamart.platform.web.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** What security refuses, as problem details; never why a token is not valid. */
class SecurityProblems implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

	/** A token that could not be checked may be a good one, so that is no 401. */
	@Override
	public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException error)
			throws IOException {
		AuthenticationException failure = AccessTokenFilter.failureOf(request);
		if (failure instanceof AuthenticationServiceException) {
			throw failure;
		}
		if (failure != null) {
			response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
			ProblemWriter.write(request, response, HttpStatus.UNAUTHORIZED, "INVALID_TOKEN",
					"The access token is not valid, or no longer.");
		}
		else {
			ProblemWriter.write(request, response, HttpStatus.UNAUTHORIZED);
		}
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException error)
			throws IOException {
		response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
		ProblemWriter.write(request, response, HttpStatus.FORBIDDEN);
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException error)
			throws IOException {
		if (METHODS.contains(request.getMethod())) {
			ProblemWriter.write(request, response, HttpStatus.BAD_REQUEST);
		}
		else {
			response.setHeader(HttpHeaders.ALLOW, "GET, HEAD, POST, PUT, DELETE");
			ProblemWriter.write(request, response, HttpStatus.METHOD_NOT_ALLOWED);
		}
	}

}
