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
 * Checks access tokens as RFC 8725 and RFC 9068 ask: one algorithm, one type, our issuer
 * and audience, an expiry and a subject, and no key but the published one that the token
 * names. What was found valid is remembered until it expires or its key is withdrawn,
 * because a signature costs more than all else that a small request does; whether it was
 * taken back is looked at every time.
 */
public final class AccessTokens implements JwtDecoder {

	private final NimbusJwtDecoder decoder;

	private final JWKSource<SecurityContext> keys;

	private final @Nullable RevokedTokens revoked;

	private final InstantSource clock;

	private final Cache<String, Jwt> valid;

	/**
	 * @param revoked what was taken back; {@code null} for the issuer, who looks at its
	 * own rows
	 */
	public AccessTokens(SecurityProperties properties, JWKSource<SecurityContext> keys, @Nullable RevokedTokens revoked,
			InstantSource clock) {
		this.keys = keys;
		this.revoked = revoked;
		this.clock = clock;
		this.decoder = new NimbusJwtDecoder(signatures(keys));
		this.decoder.setJwtValidator(claims(properties, clock));
		this.valid = Caffeine.newBuilder().maximumSize(properties.cachedTokens()).build();
	}

	private static DefaultJWTProcessor<SecurityContext> signatures(JWKSource<SecurityContext> keys) {
		DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
		processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"),
				new JOSEObjectType("application/at+jwt")));
		JWSKeySelector<SecurityContext> named = new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys);
		processor.setJWSKeySelector(
				(header, context) -> (header.getKeyID() != null) ? named.selectJWSKeys(header, context) : List.of());
		// claims are checked below, with a clock and a skew of our own
		processor.setJWTClaimsSetVerifier((_, _) -> {
		});
		return processor;
	}

	private static OAuth2TokenValidator<Jwt> claims(SecurityProperties properties, InstantSource clock) {
		JwtTimestampValidator time = new JwtTimestampValidator(properties.clockSkew());
		time.setClock(clock.withZone(ZoneOffset.UTC));
		return new DelegatingOAuth2TokenValidator<>(time, new JwtIssuerValidator(properties.issuer()),
				demand("exp", (token) -> token.getExpiresAt() != null),
				demand("sub", (token) -> token.getSubject() != null && !token.getSubject().isBlank()),
				demand("aud",
						(token) -> Objects.requireNonNullElse(token.getAudience(), List.of())
							.contains(properties.audience())),
				demand("roles", (token) -> isListOfText(token.getClaim("roles"))));
	}

	/** Nothing is read into roles of another form: not a word, not lists of lists. */
	private static boolean isListOfText(@Nullable Object roles) {
		return roles == null
				|| (roles instanceof List<?> list && list.stream().allMatch((role) -> role instanceof String));
	}

	private static OAuth2TokenValidator<Jwt> demand(String claim, Predicate<Jwt> test) {
		OAuth2TokenValidatorResult refused = OAuth2TokenValidatorResult
			.failure(new OAuth2Error("invalid_token", "The claim " + claim + " is missing or wrong", null));
		return (token) -> test.test(token) ? OAuth2TokenValidatorResult.success() : refused;
	}

	/**
	 * Checks a token. May wait for the issuer, see {@link #mayWait}.
	 * @throws BadJwtException if it is no good
	 * @throws JwtException if it cannot be told, because the issuer's keys are not known
	 */
	@Override
	public Jwt decode(String token) {
		Jwt known = remembered(token);
		if (known != null) {
			return known;
		}
		Jwt decoded = this.decoder.decode(token);
		this.valid.put(token, decoded);
		return notTakenBack(decoded);
	}

	/**
	 * The token if it was found valid before and still is, else {@code null}. Never
	 * waits.
	 * @throws BadJwtException if it was taken back
	 */
	public @Nullable Jwt remembered(String token) {
		Jwt known = this.valid.getIfPresent(token);
		if (known == null) {
			return null;
		}
		if (this.clock.instant().isBefore(known.getExpiresAt()) && hasItsKey(known)) {
			return notTakenBack(known);
		}
		this.valid.invalidate(token);
		return null;
	}

	/**
	 * Whether checking a token may wait for the issuer, because the key that it names is
	 * not known. Never waits.
	 */
	public boolean mayWait(String token) {
		try {
			JWSHeader header = JWSHeader.parse(new Base64URL(token.substring(0, Math.max(token.indexOf('.'), 0))));
			return header.getKeyID() != null && JWSAlgorithm.RS256.equals(header.getAlgorithm())
					&& !isPublished(JWKMatcher.forJWSHeader(header));
		}
		catch (ParseException | IllegalArgumentException _) {
			return false;
		}
	}

	private Jwt notTakenBack(Jwt token) {
		return (this.revoked != null) ? this.revoked.check(token) : token;
	}

	private boolean hasItsKey(Jwt token) {
		return isPublished(new JWKMatcher.Builder().keyID((String) token.getHeaders().get("kid")).build());
	}

	private boolean isPublished(JWKMatcher key) {
		JWKSelector selector = new JWKSelector(key);
		if (this.keys instanceof PublishedKeys fetched) {
			return fetched.has(selector);
		}
		try {
			return !this.keys.get(selector, null).isEmpty();
		}
		catch (KeySourceException _) {
			// nothing is known against the key
			return true;
		}
	}

}
