package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * An account. The email address and the name are kept only in encrypted form, here and in
 * the row, and are decrypted when they are asked for. When the account is erased, all
 * personal data is removed; the id stays, because other rows and services refer to it.
 */
@Entity
@Table(name = "app_user")
@EntityListeners(User.Decryption.class)
@SuppressWarnings("UnusedVariable")
public class User {

	@Id
	private UUID id;

	private byte @Nullable [] email;

	/** The fingerprint by which a user is found, and which keeps addresses unique. */
	private byte @Nullable [] emailKey;

	private boolean emailConfirmed;

	private byte @Nullable [] name;

	private @Nullable String passwordHash;

	@Enumerated(EnumType.STRING)
	@JdbcTypeCode(SqlTypes.ARRAY)
	private Set<Role> roles;

	private boolean demo;

	private Instant createdAt;

	private @Nullable Instant erasedAt;

	private long tokenGeneration;

	private @Nullable Instant tokensRevokedAt;

	/**
	 * Read only by instances of the previous version, which may run during an upgrade.
	 */
	private @Nullable Instant sessionsEndedAt;

	@Formula("exists (select from second_factor f where f.user_id = id and f.enrolled_at is not null)")
	private boolean secondFactor;

	/** For queries; {@link #isAdmin()} also sees unflushed changes. */
	@Formula("'ADMIN' = any (roles)")
	private boolean admin;

	@Transient
	private PersonalData personalData;

	User() {
	}

	@SuppressWarnings("NullAway.Init")
	User(UUID id, EmailAddress email, String passwordHash, String name, Set<Role> roles, boolean demo, Instant now,
			PersonalData personalData) {
		this.id = id;
		this.personalData = personalData;
		this.passwordHash = passwordHash;
		this.roles = Set.copyOf(roles);
		this.demo = demo;
		this.createdAt = now;
		setEmail(email);
		rename(name);
	}

	public void rename(String name) {
		this.name = this.personalData.encrypt(name, "name of " + this.id);
	}

	/** Stores an address and marks it as confirmed. */
	void confirmEmail(EmailAddress email) {
		setEmail(email);
		this.emailConfirmed = true;
	}

	private void setEmail(EmailAddress email) {
		this.email = this.personalData.encrypt(email.text(), "email of " + this.id);
		this.emailKey = this.personalData.fingerprint(email.key());
	}

	public void changePassword(String passwordHash) {
		this.passwordHash = passwordHash;
	}

	/** Changes the roles, and revokes the access tokens with the old ones. */
	void changeRoles(Set<Role> roles, Instant now) {
		if (!this.roles.equals(roles)) {
			this.roles = Set.copyOf(roles);
			revokeTokens(now);
		}
	}

	/** Revokes all access tokens of the user, which services notice within seconds. */
	private void revokeTokens(Instant now) {
		this.tokenGeneration++;
		this.tokensRevokedAt = now;
	}

	/** Ends all sessions and revokes all access tokens. */
	public void endSessions(Instant now) {
		revokeTokens(now);
		this.sessionsEndedAt = now;
	}

	void erase(Instant now) {
		this.email = null;
		this.emailKey = null;
		this.passwordHash = null;
		this.name = null;
		this.erasedAt = now;
	}

	public UUID id() {
		return this.id;
	}

	public EmailAddress email() {
		return EmailAddress.of(this.personalData.decrypt(Objects.requireNonNull(this.email), "email of " + this.id))
			.orElseThrow();
	}

	public boolean emailConfirmed() {
		return this.emailConfirmed;
	}

	public String name() {
		return this.personalData.decrypt(Objects.requireNonNull(this.name), "name of " + this.id);
	}

	@Nullable String passwordHash() {
		return this.passwordHash;
	}

	public Set<Role> roles() {
		return this.roles;
	}

	boolean isAdmin() {
		return this.roles.contains(Role.ADMIN);
	}

	/**
	 * The roles where an ADMIN needs a second factor: without one, those of a CUSTOMER.
	 */
	Set<Role> rolesWithSecondFactorRequired() {
		if (this.secondFactor || !isAdmin()) {
			return this.roles;
		}
		Set<Role> others = EnumSet.copyOf(this.roles);
		others.remove(Role.ADMIN);
		others.add(Role.CUSTOMER);
		return others;
	}

	boolean isOfDemo() {
		return this.demo;
	}

	public Instant createdAt() {
		return this.createdAt;
	}

	/**
	 * The generation of valid access tokens, and of log-ins that can begin a session.
	 */
	public long tokenGeneration() {
		return this.tokenGeneration;
	}

	/** Gives each loaded user the key for decryption. */
	record Decryption(PersonalData personalData) {

		@PostLoad
		void enable(User user) {
			user.personalData = this.personalData;
		}

	}

}
