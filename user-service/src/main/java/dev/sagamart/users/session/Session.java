package dev.sagamart.users.session;

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
 * A family of refresh tokens that begins with a log-in. It belongs to a client, or to
 * none if it was begun with the sessions API.
 */
@Entity
class Session {

	@Id
	private UUID id;

	private UUID userId;

	@SuppressWarnings("UnusedVariable")
	private byte @Nullable [] family;

	private Instant expiresAt;

	private @Nullable Instant endedAt;

	private @Nullable String clientId;

	@JdbcTypeCode(SqlTypes.ARRAY)
	private Set<String> scopes;

	Session() {
	}

	Session(UUID id, UUID userId, RefreshToken first, Instant expiresAt, @Nullable String clientId,
			Set<String> scopes) {
		this.id = id;
		this.userId = userId;
		recognise(first);
		this.expiresAt = expiresAt;
		this.clientId = clientId;
		this.scopes = Set.copyOf(scopes);
	}

	/** Stores the common half of this token and its successors. */
	void recognise(RefreshToken token) {
		this.family = token.familyHash();
	}

	void end(Instant now) {
		this.endedAt = Objects.requireNonNullElse(this.endedAt, now);
	}

	boolean hasEnded() {
		return this.endedAt != null;
	}

	UUID id() {
		return this.id;
	}

	UUID userId() {
		return this.userId;
	}

	Instant expiresAt() {
		return this.expiresAt;
	}

	@Nullable String clientId() {
		return this.clientId;
	}

	Set<String> scopes() {
		return this.scopes;
	}

}
