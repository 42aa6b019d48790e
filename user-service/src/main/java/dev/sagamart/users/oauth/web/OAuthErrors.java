package dev.sagamart.users.oauth.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.http.converter.OAuth2ErrorHttpMessageConverter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Errors of the endpoints for clients (RFC 6749, section 5.2). The filter refuses
 * repeated parameters, and parameters in the URL that belong in the body, because such a
 * request is ambiguous.
 */
class OAuthErrors extends OncePerRequestFilter implements AuthenticationFailureHandler, AuthenticationEntryPoint {

	private static final OAuth2Error INVALID_CLIENT = new OAuth2Error(OAuth2ErrorCodes.INVALID_CLIENT);

	private final OAuth2ErrorHttpMessageConverter converter = new OAuth2ErrorHttpMessageConverter();

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		boolean ambiguous = request.getParameterMap().values().stream().anyMatch((values) -> values.length > 1)
				|| (isForClients(request) && request.getQueryString() != null);
		if (ambiguous) {
			write(response, new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST,
					"A parameter comes twice, or in the URL where it belongs into the body.", null));
		}
		else {
			chain.doFilter(request, response);
		}
	}

	@Override
	public void onAuthenticationFailure(HttpServletRequest request, HttpServletResponse response,
			AuthenticationException error) throws IOException {
		write(response, (error instanceof OAuth2AuthenticationException oauth) ? oauth.getError() : INVALID_CLIENT);
	}

	/**
	 * Without a log-in, a browser is redirected to the login page, and a client gets an
	 * error.
	 */
	@Override
	public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException error)
			throws IOException {
		if (isForClients(request)) {
			write(response, INVALID_CLIENT);
		}
		else {
			response.setStatus(HttpStatus.SEE_OTHER.value());
			response.setHeader(HttpHeaders.LOCATION,
					AuthorizationServerConfiguration.LOGIN + "?" + request.getQueryString());
		}
	}

	private static boolean isForClients(HttpServletRequest request) {
		return request.getServletPath().equals(AuthorizationServerConfiguration.TOKEN)
				|| request.getServletPath().equals(AuthorizationServerConfiguration.REVOKE);
	}

	private void write(HttpServletResponse response, OAuth2Error error) throws IOException {
		boolean stranger = error.getErrorCode().equals(OAuth2ErrorCodes.INVALID_CLIENT);
		ServletServerHttpResponse answer = new ServletServerHttpResponse(response);
		answer.setStatusCode(stranger ? HttpStatus.UNAUTHORIZED : HttpStatus.BAD_REQUEST);
		if (stranger) {
			answer.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"sagamart\"");
		}
		this.converter.write(stranger ? INVALID_CLIENT : error, null, answer);
	}

}
