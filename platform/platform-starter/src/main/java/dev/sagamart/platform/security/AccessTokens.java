package dev.sagamart.platform.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Checks access tokens as RFC 8725 and RFC 9068 ask: one algorithm, one type, our issuer
 * and audience, an expiry and a subject, and no key but the published ones.
 */
final class AccessTokens {

	private static final int CONNECT_TIMEOUT_MS = 1000;

	/** An issuer that has just started is slow to answer for the first time. */
	private static final int READ_TIMEOUT_MS = 3000;

	private static final int MAX_KEYS_SIZE = 64 * 1024;

	private AccessTokens() {
	}

	static JwtDecoder decoder(SecurityProperties properties, Clock clock, JWKSource<SecurityContext> keys) {
		DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
		processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"),
				new JOSEObjectType("application/at+jwt")));
		processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
		// claims are checked below, with a clock and a skew of our own
		processor.setJWTClaimsSetVerifier((_, _) -> {
		});
		NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
		decoder.setJwtValidator(claims(properties, clock));
		return (properties.cachedTokens() > 0) ? new CachingJwtDecoder(decoder, keys, properties.cachedTokens(), clock)
				: decoder;
	}

	static JWKSource<SecurityContext> published(SecurityProperties properties, Clock clock,
			@Nullable SSLSocketFactory tls) {
		URL url = url(properties.jwksUri());
		DefaultResourceRetriever http = new DefaultResourceRetriever(CONNECT_TIMEOUT_MS, READ_TIMEOUT_MS, MAX_KEYS_SIZE,
				true, tls);
		return new PublishedKeys(() -> http.retrieveResource(url).getContent(), properties.keysKept(),
				properties.keysFetchInterval(), clock);
	}

	private static URL url(URI uri) {
		try {
			return uri.toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException("Not a URL: sagamart.security.jwks-uri", ex);
		}
	}

	private static OAuth2TokenValidator<Jwt> claims(SecurityProperties properties, Clock clock) {
		JwtTimestampValidator time = new JwtTimestampValidator(properties.clockSkew());
		time.setClock(clock);
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

}
