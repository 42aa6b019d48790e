package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.sagamart.platform.security.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Issues access tokens (RFC 9068). */
@Component
public class AccessTokens {

	private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

	private final Signer signer;

	private final TokenProperties properties;

	private final Clock clock;

	AccessTokens(Signer signer, TokenProperties properties, Clock clock) {
		this.signer = signer;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * An access token in its compact form.
	 *
	 * @param life for how long it is valid from now on
	 */
	public record AccessToken(String value, Duration life) {

		@Override
		public String toString() {
			return "AccessToken[…]";
		}

	}

	/** Issues a token to a user. */
	public AccessToken issue(UUID userId, Set<Role> roles) {
		return issue(claims(userId.toString()).claim("roles", names(roles)));
	}

	/** Issues a token to a client that acts for a user. */
	public AccessToken issue(UUID userId, Set<Role> roles, String clientId, Set<String> scopes) {
		return issue(forClient(claims(userId.toString()).claim("roles", names(roles)), clientId, scopes));
	}

	/** Issues a token to a client that acts for itself: a service. */
	public AccessToken issue(String clientId, Set<String> scopes) {
		return issue(forClient(claims(clientId), clientId, scopes));
	}

	private AccessToken issue(JWTClaimsSet.Builder claims) {
		return new AccessToken(this.signer.sign(TYPE, claims, this.properties.accessTokenLife()),
				this.properties.accessTokenLife());
	}

	private JWTClaimsSet.Builder claims(String subject) {
		return new JWTClaimsSet.Builder().audience(this.properties.audience())
			.subject(subject)
			.jwtID(UUID.randomUUID().toString())
			.notBeforeTime(Date.from(this.clock.instant()));
	}

	private static JWTClaimsSet.Builder forClient(JWTClaimsSet.Builder claims, String clientId, Set<String> scopes) {
		claims.claim("client_id", clientId);
		return scopes.isEmpty() ? claims : claims.claim("scope", String.join(" ", scopes.stream().sorted().toList()));
	}

	private static List<String> names(Set<Role> roles) {
		return roles.stream().map(Role::name).sorted().toList();
	}

}
