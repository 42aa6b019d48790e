package dev.sagamart.platform.tokens;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;

/**
 * What an access token allows at one service: {@code SCOPE_x} for each of its scopes and,
 * if it speaks for a user there, {@link #USER} and {@code ROLE_x} for each of their
 * roles. A user who logged in by themselves may do all that they may. A client that acts
 * for a user ({@code client_id}) may do what its scopes name: the service's own scope
 * opens the service, and without the scope {@value #ADMIN_SCOPE} nobody is an ADMIN.
 */
public final class TokenAuthorities implements Converter<Jwt, Collection<GrantedAuthority>> {

	/** The authority of whoever speaks for a user. */
	public static final String USER = "USER";

	private static final String ADMIN_SCOPE = "admin";

	private static final int ID_LENGTH = 36;

	private final JwtGrantedAuthoritiesConverter scopes = new JwtGrantedAuthoritiesConverter();

	private final @Nullable String scope;

	/**
	 * @param scope which a client needs to be let in; {@code null} where every scope may
	 * lead further
	 */
	public TokenAuthorities(@Nullable String scope) {
		this.scope = scope;
	}

	@Override
	public Collection<GrantedAuthority> convert(Jwt token) {
		List<GrantedAuthority> authorities = new ArrayList<>(Objects.requireNonNull(this.scopes.convert(token)));
		boolean mayAll = !token.hasClaim("client_id");
		if (userOf(token).isPresent() && (mayAll || this.scope == null || authorities.contains(scope(this.scope)))) {
			boolean mayBeAdmin = mayAll || authorities.contains(scope(ADMIN_SCOPE));
			authorities.add(new SimpleGrantedAuthority(USER));
			rolesOf(token).stream()
				.filter((role) -> mayBeAdmin || !role.equals("ADMIN"))
				.map((role) -> new SimpleGrantedAuthority("ROLE_" + role))
				.forEach(authorities::add);
		}
		return authorities;
	}

	/**
	 * The user whom a token speaks for; empty for a service's own token, whose subject is
	 * the service's name.
	 */
	public static Optional<UUID> userOf(Jwt token) {
		String subject = token.getSubject();
		try {
			return (subject != null && subject.length() == ID_LENGTH) ? Optional.of(UUID.fromString(subject))
					: Optional.empty();
		}
		catch (IllegalArgumentException _) {
			return Optional.empty();
		}
	}

	/** The roles that a token names. */
	public static List<String> rolesOf(Jwt token) {
		return Objects.requireNonNullElse(token.getClaimAsStringList("roles"), List.of());
	}

	private static GrantedAuthority scope(String name) {
		return new SimpleGrantedAuthority("SCOPE_" + name);
	}

}
