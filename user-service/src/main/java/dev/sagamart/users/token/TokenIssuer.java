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
import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.platform.tokens.SecurityProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.stereotype.Component;

/** Issues access tokens (RFC 9068) and ID tokens (OpenID Connect). */
@Component
public class TokenIssuer {

	private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

	/** More than the allowed difference between clocks. */
	private static final Duration SLACK = Duration.ofMinutes(5);

	private final SigningKeys keys;

	private final SecurityProperties security;

	private final TokenProperties properties;

	private final Clock clock;

	TokenIssuer(SigningKeys keys, SecurityProperties security, TokenProperties properties, Clock clock) {
		this.keys = keys;
		this.security = security;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Issues an access token to a user.
	 * @param clientId the client that acts for the user; {@code null} if none does
	 */
	public OAuth2AccessToken issue(UUID userId, Set<Role> roles, long tokenGeneration, @Nullable String clientId,
			Set<String> scopes) {
		return issue(userId.toString(), clientId, scopes,
				new JWTClaimsSet.Builder().claim("roles", roles.stream().map(Role::name).sorted().toList())
					.claim(RevokedTokens.GENERATION, tokenGeneration));
	}

	/** Issues an access token to a client that acts for itself: a service. */
	public OAuth2AccessToken issue(String clientId, Set<String> scopes) {
		return issue(clientId, clientId, scopes, new JWTClaimsSet.Builder());
	}

	private OAuth2AccessToken issue(String subject, @Nullable String clientId, Set<String> scopes,
			JWTClaimsSet.Builder claims) {
		Instant now = this.clock.instant();
		claims.audience(this.security.audience())
			.subject(subject)
			.jwtID(UUID.randomUUID().toString())
			.notBeforeTime(Date.from(now))
			.claim("client_id", clientId)
			.claim("scope", scopes.isEmpty() ? null : String.join(" ", scopes.stream().sorted().toList()));
		return new OAuth2AccessToken(TokenType.BEARER, sign(ACCESS_TOKEN, claims, now), now, expiry(now), scopes);
	}

	/**
	 * Issues an ID token, which tells a client who has logged in. It is not accepted as
	 * an access token, because its type and audience differ.
	 * @param authenticatedAt when the user gave their password
	 * @param nonce what the client sent to recognise its request
	 * @param name {@code null} if the client may not know it
	 */
	public String issueIdToken(UUID userId, String clientId, Instant authenticatedAt, @Nullable String nonce,
			@Nullable String name) {
		return sign(JOSEObjectType.JWT,
				new JWTClaimsSet.Builder().subject(userId.toString())
					.audience(clientId)
					.claim("auth_time", authenticatedAt.getEpochSecond())
					.claim("nonce", nonce)
					.claim("name", name),
				this.clock.instant());
	}

	/** Tokens that were issued before this time have expired by any clock. */
	public Instant oldestGood() {
		return this.clock.instant().minus(this.properties.accessTokenLife()).minus(SLACK);
	}

	private Instant expiry(Instant issuedAt) {
		return issuedAt.plus(this.properties.accessTokenLife());
	}

	private String sign(JOSEObjectType type, JWTClaimsSet.Builder claims, Instant now) {
		RSAKey key = this.keys.current();
		SignedJWT token = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.RS256).type(type).keyID(key.getKeyID()).build(),
				claims.issuer(this.security.issuer())
					.issueTime(Date.from(now))
					.expirationTime(Date.from(expiry(now)))
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
