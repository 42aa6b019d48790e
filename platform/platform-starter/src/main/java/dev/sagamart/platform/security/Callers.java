package dev.sagamart.platform.security;

import dev.sagamart.platform.tokens.TokenAuthorities;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Reads the caller from a verified token. */
final class Callers {

	private Callers() {
	}

	/** The user of a token; empty for the token of a service. */
	static Optional<Caller> of(@Nullable Authentication authentication) {
		if (!(authentication instanceof JwtAuthenticationToken token)) {
			return Optional.empty();
		}
		Set<Role> roles = EnumSet.noneOf(Role.class);
		for (Role role : Role.values()) {
			if (token.getAuthorities().stream().anyMatch((a) -> ("ROLE_" + role).equals(a.getAuthority()))) {
				roles.add(role);
			}
		}
		return TokenAuthorities.userOf(token.getToken()).map((userId) -> new Caller(userId, roles));
	}

}
