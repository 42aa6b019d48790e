package dev.sagamart.users.session;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A stored refresh token. */
@Entity
@Table(name = "refresh_token")
class IssuedToken {

	@Id
	private byte[] hash;

	@SuppressWarnings("UnusedVariable")
	private UUID sessionId;

	private Instant expiresAt;

	private @Nullable Instant usedAt;

	IssuedToken() {
	}

	IssuedToken(RefreshToken token, UUID sessionId, Instant expiresAt) {
		this.hash = token.hash();
		this.sessionId = sessionId;
		this.expiresAt = expiresAt;
	}

	void use(Instant now) {
		this.usedAt = now;
	}

	boolean isUsed() {
		return this.usedAt != null;
	}

	boolean isGood(Instant now) {
		return now.isBefore(this.expiresAt);
	}

}
