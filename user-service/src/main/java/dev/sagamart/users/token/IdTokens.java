package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Issues ID tokens (OpenID Connect): they tell a client who has logged in, and open
 * nothing, because their type and audience are not those of access tokens.
 */
@Component
public class IdTokens {

	private final Signer signer;

	private final TokenProperties properties;

	IdTokens(Signer signer, TokenProperties properties) {
		this.signer = signer;
		this.properties = properties;
	}

	/**
	 * Issues a token.
	 * @param authenticatedAt when the user gave their password
	 * @param nonce what the client sent to recognise its request
	 * @param name {@code null} if the client may not know it
	 */
	public String issue(UUID userId, String clientId, Instant authenticatedAt, @Nullable String nonce,
			@Nullable String name) {
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().subject(userId.toString())
			.audience(clientId)
			.claim("auth_time", authenticatedAt.getEpochSecond())
			.claim("nonce", nonce)
			.claim("name", name);
		return this.signer.sign(JOSEObjectType.JWT, claims, this.properties.accessTokenLife());
	}

}
