package dev.sagamart.platform.security;

import dev.sagamart.platform.tokens.TokenAuthorities;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Resolves {@link Caller} parameters of controllers. Without a user the parameter is
 * {@code null} if it is nullable. Otherwise a request without a token gets 401, and one
 * with the token of a service 403.
 */
class CallerResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Caller.class;
	}

	@Override
	public @Nullable Caller resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
		if (SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken token) {
			Optional<Caller> caller = callerOf(token);
			if (caller.isEmpty() && !parameter.isOptional()) {
				throw new AccessDeniedException("Not a user's token");
			}
			return caller.orElse(null);
		}
		if (!parameter.isOptional()) {
			throw new AuthenticationCredentialsNotFoundException("No access token");
		}
		return null;
	}

	/** Empty for the token of a service. */
	private static Optional<Caller> callerOf(JwtAuthenticationToken token) {
		Set<String> authorities = AuthorityUtils.authorityListToSet(token.getAuthorities());
		Set<Role> roles = EnumSet.allOf(Role.class);
		roles.removeIf((role) -> !authorities.contains("ROLE_" + role));
		return TokenAuthorities.userOf(token.getToken()).map((userId) -> new Caller(userId, roles));
	}

}
