package dev.sagamart.users;

import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.platform.tokens.TokenAuthorities;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.core.convert.converter.Converter;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/**
 * What an access token allows here, where the users are: what it says, if it is still
 * true. A token of an earlier generation is not valid, nor is one that names a role that
 * its user has no more, one of somebody who is no longer a user, or of an account of the
 * demo outside of the demo. A role that was given since needs a new token. A database
 * that does not answer is no reason to call a token invalid.
 */
class CurrentAuthorities implements Converter<Jwt, Collection<GrantedAuthority>> {

	private final TokenAuthorities authorities;

	private final Accounts accounts;

	CurrentAuthorities(TokenAuthorities authorities, Accounts accounts) {
		this.authorities = authorities;
		this.accounts = accounts;
	}

	@Override
	public Collection<GrantedAuthority> convert(Jwt token) {
		TokenAuthorities.userOf(token).map(this::user).ifPresent((user) -> {
			List<String> named = TokenAuthorities.rolesOf(token);
			boolean hasThem = Arrays.stream(Role.values())
				.filter((role) -> named.contains(role.name()))
				.allMatch(this.accounts.rolesNow(user)::contains);
			if (!hasThem || RevokedTokens.generationIn(token) != user.tokenGeneration()) {
				throw new InvalidBearerTokenException("This token does not say what is true of its user now");
			}
		});
		return this.authorities.convert(token);
	}

	private User user(UUID userId) {
		try {
			return this.accounts.findActive(userId)
				.orElseThrow(() -> new InvalidBearerTokenException("This account no longer exists"));
		}
		catch (DataAccessException ex) {
			throw new AuthenticationServiceException("It is not known whether the user of a token still exists", ex);
		}
	}

}
