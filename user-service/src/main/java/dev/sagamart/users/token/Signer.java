package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.springframework.stereotype.Component;

/** Signs what we say, with the key of the day. */
@Component
class Signer {

	private final SigningKeys keys;

	private final TokenProperties properties;

	private final Clock clock;

	Signer(SigningKeys keys, TokenProperties properties, Clock clock) {
		this.keys = keys;
		this.properties = properties;
		this.clock = clock;
	}

	/** Adds who says it, when, and for how long it is true. */
	String sign(JOSEObjectType type, JWTClaimsSet.Builder claims, Duration life) {
		RSAKey key = this.keys.current();
		Instant now = this.clock.instant();
		SignedJWT token = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.RS256).type(type).keyID(key.getKeyID()).build(),
				claims.issuer(this.properties.issuer())
					.issueTime(Date.from(now))
					.expirationTime(Date.from(now.plus(life)))
					.build());
		try {
			token.sign(new RSASSASigner(key));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
		return token.serialize();
	}

}
