package dev.sagamart.gateway.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.sagamart.platform.tokens.RevokedTokens;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Checks access tokens, each one once: it is remembered until it expires or the issuer
 * withdraws the key that it is signed with. That it was not taken back is looked at every
 * time.
 */
class CheckedTokens implements ReactiveJwtDecoder {

	private final ReactiveJwtDecoder decoder;

	private final Cache<String, Jwt> checked;

	private final SigningKeys keys;

	private final RevokedTokens revoked;

	private final Clock clock;

	CheckedTokens(TokenProperties properties, SigningKeys keys, RevokedTokens revoked, Clock clock) {
		this.keys = keys;
		this.revoked = revoked;
		this.clock = clock;
		NimbusReactiveJwtDecoder nimbus = NimbusReactiveJwtDecoder.withJwkSource(keys::forToken)
			.jwsAlgorithm(SignatureAlgorithm.RS256)
			.validateType(false)
			.build();
		nimbus.setJwtValidator(validator(properties, clock));
		this.decoder = nimbus;
		this.checked = Caffeine.newBuilder()
			.maximumSize(properties.cacheSize())
			.expireAfter(Expiry.creating((String token, Jwt jwt) -> remaining(jwt)))
			.build();
	}

	private static OAuth2TokenValidator<Jwt> validator(TokenProperties properties, Clock clock) {
		JwtTimestampValidator times = new JwtTimestampValidator(properties.clockSkew());
		times.setAllowEmptyExpiryClaim(false);
		times.setClock(clock);
		return new DelegatingOAuth2TokenValidator<>(new JwtTypeValidator("at+jwt", "application/at+jwt"), times,
				new JwtIssuerValidator(properties.issuer()),
				claim(JwtClaimNames.AUD,
						(jwt) -> jwt.getAudience() != null && jwt.getAudience().contains(properties.audience())),
				claim(JwtClaimNames.SUB, (jwt) -> jwt.getSubject() != null && !jwt.getSubject().isBlank()),
				claim("roles", (jwt) -> isListOfText(jwt.getClaim("roles"))));
	}

	/** Nothing is read into roles of another form: not a word, not lists of lists. */
	private static boolean isListOfText(@Nullable Object roles) {
		return roles == null
				|| (roles instanceof List<?> list && list.stream().allMatch((role) -> role instanceof String));
	}

	private static OAuth2TokenValidator<Jwt> claim(String name, Predicate<Jwt> test) {
		OAuth2Error error = new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, "The claim " + name + " is not valid",
				null);
		return (jwt) -> test.test(jwt) ? OAuth2TokenValidatorResult.success()
				: OAuth2TokenValidatorResult.failure(error);
	}

	private Duration remaining(Jwt jwt) {
		Instant expiry = jwt.getExpiresAt();
		Duration remaining = (expiry != null) ? Duration.between(this.clock.instant(), expiry) : Duration.ZERO;
		return remaining.isNegative() ? Duration.ZERO : remaining;
	}

	@Override
	public Mono<Jwt> decode(String token) {
		return valid(token).map(this.revoked::check);
	}

	private Mono<Jwt> valid(String token) {
		Jwt known = this.checked.getIfPresent(token);
		if (known != null && known.getHeaders().get("kid") instanceof String key && this.keys.has(key)) {
			return Mono.just(known);
		}
		return this.decoder.decode(token)
			.doOnNext((jwt) -> this.checked.put(token, jwt))
			.onErrorMap(IllegalStateException.class,
					(ex) -> new JwtException("The issuer's keys are not available", ex));
	}

}
