package dev.sagamart.users;

import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.platform.tokens.TokenAuthorities;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/** The roles of a user come from the database, not from the access token. */
@Configuration(proxyBeanMethods = false)
class UserAccess {

	/**
	 * Accepts an access token only if its claims are still true. If the database does not
	 * answer, the token is not reported as invalid.
	 */
	@Bean
	JwtAuthenticationConverter currentAuthorities(Accounts accounts, TokenAuthorities authorities) {
		JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
		converter.setJwtGrantedAuthoritiesConverter((token) -> {
			try {
				TokenAuthorities.userOf(token).ifPresent((userId) -> check(token, accounts, userId));
			}
			catch (DataAccessException ex) {
				throw new AuthenticationServiceException("The account of this token cannot be checked at the moment",
						ex);
			}
			return authorities.convert(token);
		});
		return converter;
	}

	/**
	 * Refuses a token of an earlier generation, one that names a role that its user no
	 * longer has, and one of an account that was erased or belongs to the demo outside of
	 * the demo. A role that was given since needs a new token.
	 */
	private static void check(Jwt token, Accounts accounts, UUID userId) {
		User user = accounts.findActive(userId)
			.orElseThrow(() -> new InvalidBearerTokenException("This account no longer exists"));
		List<String> named = TokenAuthorities.rolesOf(token);
		boolean hasThem = Arrays.stream(Role.values())
			.filter((role) -> named.contains(role.name()))
			.allMatch(accounts.rolesNow(user)::contains);
		if (!hasThem || RevokedTokens.generationIn(token) != user.tokenGeneration()) {
			throw new InvalidBearerTokenException("The roles of this user have changed, or the user has logged out");
		}
	}

}
