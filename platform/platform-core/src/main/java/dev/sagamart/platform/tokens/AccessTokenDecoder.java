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
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

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
		this.decoder = new NimbusJwtDecoder(jwtProcessor(keys));
		this.decoder.setJwtValidator(claimValidator(properties, clock));
		this.valid = Caffeine.newBuilder().maximumSize(properties.cachedTokens()).build();
	}

	private static DefaultJWTProcessor<SecurityContext> jwtProcessor(JWKSource<SecurityContext> keys) {
		DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
		processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"),
				new JOSEObjectType("application/at+jwt")));
		JWSKeySelector<SecurityContext> keySelector = new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys);
		processor.setJWSKeySelector((header, context) -> (header.getKeyID() != null)
				? keySelector.selectJWSKeys(header, context) : List.of());
		// The JWT validator checks the claims, with the injected clock and the configured
		// skew.
		processor.setJWTClaimsSetVerifier((_, _) -> {
		});
		return processor;
	}

	private static OAuth2TokenValidator<Jwt> claimValidator(SecurityProperties properties, InstantSource clock) {
		JwtTimestampValidator time = new JwtTimestampValidator(properties.clockSkew());
		time.setClock(clock.withZone(ZoneOffset.UTC));
		return new DelegatingOAuth2TokenValidator<>(time, new JwtIssuerValidator(properties.issuer()),
				requireClaim("exp", (token) -> token.getExpiresAt() != null),
				requireClaim("sub", (token) -> token.getSubject() != null && !token.getSubject().isBlank()),
				requireClaim("aud",
						(token) -> Objects.requireNonNullElse(token.getAudience(), List.of())
							.contains(properties.audience())),
				requireClaim("roles", (token) -> isListOfStrings(token.getClaim("roles"))));
	}

	/** No other form is accepted, such as a single string or nested lists. */
	private static boolean isListOfStrings(@Nullable Object roles) {
		return roles == null
				|| (roles instanceof List<?> list && list.stream().allMatch((role) -> role instanceof String));
	}

	private static OAuth2TokenValidator<Jwt> requireClaim(String claim, Predicate<Jwt> test) {
		OAuth2TokenValidatorResult failure = OAuth2TokenValidatorResult
			.failure(new OAuth2Error("invalid_token", "The claim '" + claim + "' is missing or invalid", null));
		return (token) -> test.test(token) ? OAuth2TokenValidatorResult.success() : failure;
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
