package dev.sagamart.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Authenticates the caller by the access token. A request with an invalid token continues
 * without a caller, because applications also send old tokens to operations that anyone
 * may call, such as log-in. Spring's own filter would refuse the request before it is
 * known whether the operation needs a token. If it does, {@link SecurityProblems} answers
 * that this one is not valid.
 */
class AccessTokenFilter extends OncePerRequestFilter {

	private static final String FAILURE = AccessTokenFilter.class.getName() + ".failure";

	private final AuthenticationConverter tokens = new BearerTokenAuthenticationConverter();

	private final SecurityContextRepository contexts = new RequestAttributeSecurityContextRepository();

	private final AuthenticationProvider check;

	AccessTokenFilter(AuthenticationProvider check) {
		this.check = check;
	}

	/** Why the token of a request is not valid; {@code null} if it is valid or absent. */
	static @Nullable AuthenticationException failureOf(HttpServletRequest request) {
		return (AuthenticationException) request.getAttribute(FAILURE);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		try {
			Authentication token = this.tokens.convert(request);
			if (token != null) {
				SecurityContext context = SecurityContextHolder.createEmptyContext();
				context.setAuthentication(this.check.authenticate(token));
				SecurityContextHolder.setContext(context);
				this.contexts.saveContext(context, request, response);
			}
		}
		catch (AuthenticationException ex) {
			request.setAttribute(FAILURE, ex);
		}
		chain.doFilter(request, response);
	}

}
