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
 * Derives authorities from an access token: {@code SCOPE_x} for each of its scopes and,
 * if it may act for a user in this service, {@link #USER} and {@code ROLE_x} for each
 * role of the user. A user who logged in directly has all of their roles. A client that
 * acts for a user ({@code client_id}) is limited to its scopes: it needs the scope of the
 * service, and without the scope {@value #ADMIN_SCOPE} it does not have the role ADMIN.
 */
public final class TokenAuthorities implements Converter<Jwt, Collection<GrantedAuthority>> {

	/** The authority of a caller that acts for a user. */
	public static final String USER = "USER";

	private static final String ADMIN_SCOPE = "admin";

	private static final int ID_LENGTH = 36;

	private final JwtGrantedAuthoritiesConverter scopes = new JwtGrantedAuthoritiesConverter();

	private final @Nullable String scope;

	/**
	 * @param scope the scope that a client needs to act for a user; {@code null} if any
	 * scope is enough
	 */
	public TokenAuthorities(@Nullable String scope) {
		this.scope = scope;
	}

	@Override
	public Collection<GrantedAuthority> convert(Jwt token) {
		List<GrantedAuthority> authorities = new ArrayList<>(Objects.requireNonNull(this.scopes.convert(token)));
		boolean loggedInDirectly = !token.hasClaim("client_id");
		if (userOf(token).isPresent()
				&& (loggedInDirectly || this.scope == null || authorities.contains(scope(this.scope)))) {
			boolean mayBeAdmin = loggedInDirectly || authorities.contains(scope(ADMIN_SCOPE));
			authorities.add(new SimpleGrantedAuthority(USER));
			rolesOf(token).stream()
				.filter((role) -> mayBeAdmin || !role.equals("ADMIN"))
				.map((role) -> new SimpleGrantedAuthority("ROLE_" + role))
				.forEach(authorities::add);
		}
		return authorities;
	}

	/** The user whom a token represents; empty for the token of a service. */
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

	public static List<String> rolesOf(Jwt token) {
		return Objects.requireNonNullElse(token.getClaimAsStringList("roles"), List.of());
	}

	private static GrantedAuthority scope(String name) {
		return new SimpleGrantedAuthority("SCOPE_" + name);
	}

}
