package dev.sagamart.users.oauth.web;

import dev.sagamart.users.oauth.BrowserLogins;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseCookie;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * A cookie that carries a log-in from the login page to the authorization endpoint, once.
 */
class LoginCookie extends OncePerRequestFilter {

	private static final String NAME = "sagamart-login";

	private final BrowserLogins logins;

	private final boolean secure;

	/**
	 * @param secure whether the browser may send the cookie over TLS only
	 */
	LoginCookie(BrowserLogins logins, boolean secure) {
		this.logins = logins;
		this.secure = secure;
	}

	void set(HttpServletResponse response, String token) {
		write(response, token, BrowserLogins.LIFE);
	}

	/** A {@code HEAD} must not use up the log-in that the {@code GET} needs. */
	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !AuthorizationServerConfiguration.AUTHORIZE.equals(request.getServletPath())
				|| HttpMethod.HEAD.matches(request.getMethod());
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Cookie cookie = WebUtils.getCookie(request, NAME);
		if (cookie != null) {
			write(response, "", Duration.ZERO);
			this.logins.take(cookie.getValue()).ifPresent((login) -> {
				SecurityContext context = SecurityContextHolder.createEmptyContext();
				context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(login, null, List.of()));
				SecurityContextHolder.setContext(context);
			});
		}
		chain.doFilter(request, response);
	}

	private void write(HttpServletResponse response, String value, Duration life) {
		response.addHeader(HttpHeaders.SET_COOKIE,
				ResponseCookie.from(NAME, value)
					.path(AuthorizationServerConfiguration.AUTHORIZE)
					.httpOnly(true)
					.secure(this.secure)
					.sameSite("Lax")
					.maxAge(life)
					.build()
					.toString());
	}

}
