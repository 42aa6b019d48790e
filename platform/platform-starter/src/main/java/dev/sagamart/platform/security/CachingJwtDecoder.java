package dev.sagamart.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Remembers tokens that were found valid, until they expire: a signature costs more than
 * all else that a small request does. A token stays valid until then even if its key is
 * withdrawn, which the short life of access tokens bounds.
 */
class CachingJwtDecoder implements JwtDecoder {

	private final JwtDecoder decoder;

	private final Clock clock;

	private final Cache<String, Jwt> valid;

	CachingJwtDecoder(JwtDecoder decoder, int size, Clock clock) {
		this.decoder = decoder;
		this.clock = clock;
		this.valid = Caffeine.newBuilder().maximumSize(size).build();
	}

	@Override
	public Jwt decode(String token) {
		Jwt known = this.valid.getIfPresent(token);
		if (known != null) {
			Instant expiresAt = known.getExpiresAt();
			if (expiresAt != null && this.clock.instant().isBefore(expiresAt)) {
				return known;
			}
			this.valid.invalidate(token);
		}
		Jwt decoded = this.decoder.decode(token);
		this.valid.put(token, decoded);
		return decoded;
	}

}
