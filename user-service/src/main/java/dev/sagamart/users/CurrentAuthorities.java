package dev.sagamart.users;

import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.security.Role;
import dev.sagamart.users.user.Accounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.core.convert.converter.Converter;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;

/**
 * What an access token allows here, where the users are: its scopes and its roles, if it
 * is still true. A token that names a role that its user has no more is not valid, nor is
 * one of somebody who is no longer a user, or of an account of the demo outside of the
 * demo. A role that was given since needs a new token. A database that does not answer is
 * no reason to call a token invalid.
 */
class CurrentAuthorities implements Converter<Jwt, Collection<GrantedAuthority>> {

	private final Converter<Jwt, Collection<GrantedAuthority>> scopes = new JwtGrantedAuthoritiesConverter();

	private final Accounts accounts;

	CurrentAuthorities(Accounts accounts) {
		this.accounts = accounts;
	}

	@Override
	public Collection<GrantedAuthority> convert(Jwt token) {
		List<GrantedAuthority> authorities = new ArrayList<>(Objects.requireNonNull(this.scopes.convert(token)));
		List<String> named = Objects.requireNonNullElse(token.getClaimAsStringList("roles"), List.of());
		Set<Role> claimed = Arrays.stream(Role.values())
			.filter((role) -> named.contains(role.name()))
			.collect(Collectors.toSet());
		Caller.idOf(token.getSubject()).ifPresent((userId) -> {
			if (!rolesOf(userId).containsAll(claimed)) {
				throw new InvalidBearerTokenException("The user of this token has no longer the roles that it names");
			}
			claimed.forEach((role) -> authorities.add(new SimpleGrantedAuthority("ROLE_" + role.name())));
		});
		return authorities;
	}

	private Set<Role> rolesOf(UUID userId) {
		try {
			return this.accounts.roles(userId)
				.orElseThrow(() -> new InvalidBearerTokenException("The user of this token is no more"));
		}
		catch (DataAccessException ex) {
			throw new AuthenticationServiceException("It is not known whether the user of a token still exists", ex);
		}
	}

}
