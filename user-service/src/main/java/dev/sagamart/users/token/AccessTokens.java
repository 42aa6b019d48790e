package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.users.user.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Issues access tokens (RFC 9068). */
@Component
public class AccessTokens {

	private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

	/** By how much others may take an expired token for a good one, and more. */
	private static final Duration SLACK = Duration.ofMinutes(5);

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
	public AccessToken issue(UUID userId, Standing user) {
		return issue(claims(userId, user));
	}

	/** Issues a token to a client that acts for a user. */
	public AccessToken issue(UUID userId, Standing user, String clientId, Set<String> scopes) {
		return issue(forClient(claims(userId, user), clientId, scopes));
	}

	/** Issues a token to a client that acts for itself: a service. */
	public AccessToken issue(String clientId, Set<String> scopes) {
		return issue(forClient(claims(clientId), clientId, scopes));
	}

	/** Whatever was issued before this time has expired, also by the clocks of others. */
	public Instant oldestGood() {
		return this.clock.instant().minus(this.properties.accessTokenLife()).minus(SLACK);
	}

	private AccessToken issue(JWTClaimsSet.Builder claims) {
		return new AccessToken(this.signer.sign(TYPE, claims, this.properties.accessTokenLife()),
				this.properties.accessTokenLife());
	}

	private JWTClaimsSet.Builder claims(UUID userId, Standing user) {
		return claims(userId.toString()).claim("roles", names(user.roles()))
			.claim(RevokedTokens.GENERATION, user.tokenGeneration());
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
