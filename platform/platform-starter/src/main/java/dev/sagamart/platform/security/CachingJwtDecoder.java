package dev.sagamart.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Clock;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Remembers tokens that were found valid, until they expire or the key that they are
 * signed with is withdrawn: a signature costs more than all else that a small request
 * does.
 */
class CachingJwtDecoder implements JwtDecoder {

	private final JwtDecoder decoder;

	private final JWKSource<SecurityContext> keys;

	private final Clock clock;

	private final Cache<String, Jwt> valid;

	CachingJwtDecoder(JwtDecoder decoder, JWKSource<SecurityContext> keys, int size, Clock clock) {
		this.decoder = decoder;
		this.keys = keys;
		this.clock = clock;
		this.valid = Caffeine.newBuilder().maximumSize(size).build();
	}

	@Override
	public Jwt decode(String token) {
		Jwt known = this.valid.getIfPresent(token);
		if (known != null) {
			Instant expiresAt = known.getExpiresAt();
			if (expiresAt != null && this.clock.instant().isBefore(expiresAt) && hasItsKey(known)) {
				return known;
			}
			this.valid.invalidate(token);
		}
		Jwt decoded = this.decoder.decode(token);
		this.valid.put(token, decoded);
		return decoded;
	}

	private boolean hasItsKey(Jwt token) {
		if (!(token.getHeaders().get("kid") instanceof String id)) {
			return false;
		}
		try {
			return !this.keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(id).build()), null).isEmpty();
		}
		catch (KeySourceException ex) {
			// nothing is known against the key
			return true;
		}
	}

}
