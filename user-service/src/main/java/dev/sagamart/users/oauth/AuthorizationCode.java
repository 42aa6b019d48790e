package dev.sagamart.users.oauth;

import dev.sagamart.platform.Digests;
import dev.sagamart.users.session.LogIn.LoggedIn;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * What a user has authorized a client to do. The client exchanges the code for a session.
 */
@Entity
public class AuthorizationCode {

	@Id
	private byte[] hash;

	private UUID userId;

	/** Null if an instance of the previous version made the code. */
	private @Nullable Long tokenGeneration;

	private Instant authenticatedAt;

	@Embedded
	private Grant grant;

	private Instant expiresAt;

	private @Nullable UUID sessionId;

	AuthorizationCode() {
	}

	/**
	 * Makes a code that is not exchanged yet.
	 * @param login of the user who authorized the client
	 */
	public AuthorizationCode(String code, LoggedIn login, Grant grant, Instant expiresAt) {
		this.hash = Digests.sha256(code);
		this.userId = login.userId();
		this.tokenGeneration = login.tokenGeneration();
		this.authenticatedAt = login.at();
		this.grant = grant;
		this.expiresAt = expiresAt;
	}

	/**
	 * What a client may do.
	 *
	 * @param codeChallenge S256 of the verifier that the client will show (RFC 7636)
	 * @param nonce goes into the ID token
	 */
	@Embeddable
	public record Grant(String clientId, @JdbcTypeCode(SqlTypes.ARRAY) Set<String> scopes, String redirectUri,
			String codeChallenge, @Nullable String nonce) {

		public Grant {
			scopes = Set.copyOf(scopes);
		}

	}

	/**
	 * Records the session that it was exchanged for, which ends if the code is presented
	 * again.
	 */
	void exchange(UUID sessionId) {
		this.sessionId = sessionId;
	}

	/**
	 * The log-in that led to the code. Without a generation of tokens it gets one that no
	 * user has, so that no session can begin.
	 */
	public LoggedIn login() {
		return new LoggedIn(this.userId, Objects.requireNonNullElse(this.tokenGeneration, -1L), this.authenticatedAt);
	}

	public Grant grant() {
		return this.grant;
	}

	Instant expiresAt() {
		return this.expiresAt;
	}

	@Nullable UUID sessionId() {
		return this.sessionId;
	}

}
