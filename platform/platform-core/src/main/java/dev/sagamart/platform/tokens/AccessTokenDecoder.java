package dev.sagamart.platform.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.util.StringUtils;

/**
 * Validates access tokens according to RFC 8725 and RFC 9068: one algorithm, one type,
 * the configured issuer and audience, an expiry and a subject, and only the published key
 * that the token names. A valid token is cached until it expires or its key is withdrawn,
 * because verifying a signature costs more than everything else in a small request.
 * Revocation is checked at every use.
 */
public final class AccessTokenDecoder implements JwtDecoder {

	private final NimbusJwtDecoder decoder;

	private final JWKSource<SecurityContext> keys;

	private final @Nullable RevokedTokens revoked;

	private final InstantSource clock;

	private final Cache<String, Jwt> valid;

	/**
	 * @param revoked the revoked tokens; {@code null} in the issuer, which reads its own
	 * database
	 */
	public AccessTokenDecoder(SecurityProperties properties, JWKSource<SecurityContext> keys,
			@Nullable RevokedTokens revoked, InstantSource clock) {
		this.keys = keys;
		this.revoked = revoked;
		this.clock = clock;
		this.decoder = decoder(keys);
		this.decoder.setJwtValidator(claimValidator(properties, clock));
		this.valid = Caffeine.newBuilder().maximumSize(properties.cachedTokens()).build();
	}

	private static NimbusJwtDecoder decoder(JWKSource<SecurityContext> keys) {
		return NimbusJwtDecoder.withJwkSource(keys)
			.jwsAlgorithm(SignatureAlgorithm.RS256)
			.jwtProcessorCustomizer((processor) -> {
				processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"),
						new JOSEObjectType("application/at+jwt")));
				JWSKeySelector<SecurityContext> keySelector = processor.getJWSKeySelector();
				processor.setJWSKeySelector((header, context) -> (header.getKeyID() != null)
						? keySelector.selectJWSKeys(header, context) : List.of());
			})
			.build();
	}

	private static OAuth2TokenValidator<Jwt> claimValidator(SecurityProperties properties, InstantSource clock) {
		JwtTimestampValidator time = new JwtTimestampValidator(properties.clockSkew());
		time.setClock(clock.withZone(ZoneOffset.UTC));
		time.setAllowEmptyExpiryClaim(false);
		OAuth2TokenValidator<Jwt> roles = new JwtClaimValidator<>("roles", AccessTokenDecoder::isListOfStrings);
		return new DelegatingOAuth2TokenValidator<>(time, new JwtIssuerValidator(properties.issuer()),
				new JwtAudienceValidator(properties.audience()),
				new JwtClaimValidator<String>("sub", StringUtils::hasText),
				(token) -> token.hasClaim("roles") ? roles.validate(token) : OAuth2TokenValidatorResult.success());
	}

	/** No other form is accepted, such as a single string or nested lists. */
	private static boolean isListOfStrings(Object roles) {
		return roles instanceof List<?> list && list.stream().allMatch((role) -> role instanceof String);
	}

	/**
	 * Validates a token. May block until the issuer responds, see {@link #mayBlock}.
	 * @throws BadJwtException if the token is invalid or revoked
	 * @throws JwtException if the token cannot be validated because the issuer's keys are
	 * unknown
	 */
	@Override
	public Jwt decode(String token) {
		Jwt known = cached(token);
		if (known != null) {
			return known;
		}
		Jwt decoded = this.decoder.decode(token);
		this.valid.put(token, decoded);
		return requireNotRevoked(decoded);
	}

	/**
	 * Returns the token if it is cached and still valid, otherwise {@code null}. Never
	 * blocks.
	 * @throws BadJwtException if the token is revoked
	 */
	public @Nullable Jwt cached(String token) {
		Jwt known = this.valid.getIfPresent(token);
		if (known == null) {
			return null;
		}
		if (this.clock.instant().isBefore(known.getExpiresAt()) && isKeyPublished(known)) {
			return requireNotRevoked(known);
		}
		this.valid.invalidate(token);
		return null;
	}

	/**
	 * Whether {@link #decode} may block until the issuer responds, because the key that
	 * the token names is unknown. This method itself never blocks.
	 */
	public boolean mayBlock(String token) {
		try {
			JWSHeader header = JWSHeader.parse(new Base64URL(token.substring(0, Math.max(token.indexOf('.'), 0))));
			return header.getKeyID() != null && JWSAlgorithm.RS256.equals(header.getAlgorithm())
					&& !isPublished(JWKMatcher.forJWSHeader(header));
		}
		catch (ParseException | IllegalArgumentException _) {
			return false;
		}
	}

	private Jwt requireNotRevoked(Jwt token) {
		return (this.revoked != null) ? this.revoked.check(token) : token;
	}

	private boolean isKeyPublished(Jwt token) {
		return isPublished(new JWKMatcher.Builder().keyID((String) token.getHeaders().get("kid")).build());
	}

	private boolean isPublished(JWKMatcher key) {
		JWKSelector selector = new JWKSelector(key);
		if (this.keys instanceof IssuerJwkSource fetched) {
			return fetched.has(selector);
		}
		try {
			return !this.keys.get(selector, null).isEmpty();
		}
		catch (KeySourceException _) {
			// Keep accepting a key while the source cannot tell that it was withdrawn.
			return true;
		}
	}

}
