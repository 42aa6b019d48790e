package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sagamart.platform.security.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Issues access tokens (RFC 9068). */
@Component
public class AccessTokens {

	private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

	private final SigningKeys keys;

	private final TokenProperties properties;

	private final Clock clock;

	AccessTokens(SigningKeys keys, TokenProperties properties, Clock clock) {
		this.keys = keys;
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
		RSAKey key = this.keys.current();
		Instant now = this.clock.instant();
		JWTClaimsSet claims = new JWTClaimsSet.Builder().issuer(this.properties.issuer())
			.audience(this.properties.audience())
			.subject(userId.toString())
			.claim("roles", roles.stream().map(Role::name).sorted().toList())
			.jwtID(UUID.randomUUID().toString())
			.issueTime(Date.from(now))
			.notBeforeTime(Date.from(now))
			.expirationTime(Date.from(now.plus(this.properties.accessTokenLife())))
			.build();
		SignedJWT token = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.RS256).type(TYPE).keyID(key.getKeyID()).build(), claims);
		try {
			token.sign(new RSASSASigner(key));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
		return new AccessToken(token.serialize(), this.properties.accessTokenLife());
	}

}
