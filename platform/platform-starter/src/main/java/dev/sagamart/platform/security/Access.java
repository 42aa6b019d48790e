package dev.sagamart.platform.security;

import dev.sagamart.platform.tokens.TokenAuthorities;
import jakarta.annotation.security.PermitAll;
import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.method.HandlerMethod;

/**
 * Who may call a controller method, from the annotations of the method or else of its
 * class: {@link PermitAll} means anyone, {@link Secured} a caller with one of its
 * authorities. Without either, the caller needs the token of a user.
 *
 * @param anyone whether no token is needed
 * @param authorities otherwise the caller needs one of these
 */
public record Access(boolean anyone, Set<String> authorities) {

	public Access {
		authorities = Set.copyOf(authorities);
	}

	public static Access to(HandlerMethod method) {
		return declaredAt(method.getMethod()).or(() -> declaredAt(method.getBeanType()))
			.orElseGet(() -> new Access(false, Set.of(TokenAuthorities.USER)));
	}

	private static Optional<Access> declaredAt(AnnotatedElement element) {
		Secured secured = AnnotatedElementUtils.findMergedAnnotation(element, Secured.class);
		if (secured != null) {
			return Optional.of(new Access(false, Set.of(secured.value())));
		}
		return AnnotatedElementUtils.hasAnnotation(element, PermitAll.class) ? Optional.of(new Access(true, Set.of()))
				: Optional.empty();
	}

}
