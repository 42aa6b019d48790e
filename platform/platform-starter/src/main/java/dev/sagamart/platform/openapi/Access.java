package dev.sagamart.platform.openapi;

import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.tokens.TokenAuthorities;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;

/**
 * Finds out who may call an operation by asking the rules themselves.
 *
 * @param anyone whether no token is needed
 * @param services whether a service's own token, with no user behind it, will do
 * @param roles users with which roles may
 */
record Access(boolean anyone, boolean services, Set<Role> roles) {

	private static final UUID SOMEBODY = new UUID(0, 0);

	Access {
		roles = Set.copyOf(roles);
	}

	static Access to(String path, String method, WebInvocationPrivilegeEvaluator rules) {
		String uri = path.replaceAll("\\{[^}]+}", SOMEBODY.toString());
		Set<Role> roles = EnumSet.noneOf(Role.class);
		Stream.of(Role.values()).filter((role) -> rules.isAllowed("", uri, method, user(role))).forEach(roles::add);
		return new Access(rules.isAllowed("", uri, method, nobody()), rules.isAllowed("", uri, method, service()),
				roles);
	}

	/** Whether every valid token will do. */
	boolean anyToken() {
		return this.services && this.roles.size() == Role.values().length;
	}

	/** Empty if any user may. */
	List<String> demandedRoles() {
		return (this.anyone || this.roles.size() == Role.values().length) ? List.of()
				: this.roles.stream().map(Role::name).sorted().toList();
	}

	private static Authentication nobody() {
		return new AnonymousAuthenticationToken("nobody", "nobody", AuthorityUtils.createAuthorityList("ANONYMOUS"));
	}

	private static Authentication user(Role role) {
		return token(SOMEBODY.toString(), TokenAuthorities.USER, "ROLE_" + role);
	}

	private static Authentication service() {
		return token("a-service", "SCOPE_none");
	}

	private static Authentication token(String subject, String... authorities) {
		return new JwtAuthenticationToken(Jwt.withTokenValue("none").header("alg", "none").subject(subject).build(),
				AuthorityUtils.createAuthorityList(authorities));
	}

}
