package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import dev.sagamart.users.encryption.PersonalData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The users. Email and name are encrypted; a user is found by the fingerprint of the
 * email's key, which also keeps it from being taken twice.
 */
@Repository
class UserRepository {

	private static final String SELECT = "SELECT id, email, email_confirmed, name, roles, created_at"
			+ " FROM app_user WHERE erased_at IS NULL ";

	private static final String HAS_SECOND_FACTOR = "EXISTS (SELECT FROM second_factor f"
			+ " WHERE f.user_id = app_user.id AND f.enrolled_at IS NOT NULL) AS has_second_factor";

	private final JdbcClient jdbc;

	private final PersonalData personalData;

	private final boolean secondFactorRequired;

	/** The condition for whoever can be logged in. */
	private final String active;

	UserRepository(JdbcClient jdbc, PersonalData personalData, SecondFactorProperties secondFactor,
			Environment environment) {
		this.jdbc = jdbc;
		this.personalData = personalData;
		this.secondFactorRequired = secondFactor.required();
		this.active = DemoAccounts.areWanted(environment) ? "erased_at IS NULL" : "erased_at IS NULL AND NOT demo";
	}

	/** Adds a user, or returns {@code false} if the address is taken. */
	boolean add(User user, EmailAddress email, String passwordHash, boolean demo) {
		return this.jdbc
			.sql("INSERT INTO app_user (id, email, email_key, email_confirmed, password_hash, name, roles, created_at,"
					+ " demo) VALUES (?, ?, ?, ?, ?, ?, string_to_array(?, ','), ?, ?)"
					+ " ON CONFLICT (email_key) DO NOTHING")
			.params(user.id(), encryptedEmail(email, user.id()), fingerprint(email), user.emailConfirmed(),
					passwordHash, encryptedName(user.name(), user.id()), text(user.roles()),
					user.createdAt().atOffset(ZoneOffset.UTC), demo)
			.update() == 1;
	}

	boolean isTaken(EmailAddress email) {
		return this.jdbc.sql("SELECT EXISTS (SELECT FROM app_user WHERE email_key = ?)")
			.param(fingerprint(email))
			.query(Boolean.class)
			.single();
	}

	Optional<User> find(UUID id) {
		return this.jdbc.sql(SELECT + "AND id = ?").param(id).query(this::map).optional();
	}

	/** Finds a user, whom nobody else changes until the end of the transaction. */
	Optional<User> lock(UUID id) {
		return this.jdbc.sql(SELECT + "AND id = ? FOR UPDATE").param(id).query(this::map).optional();
	}

	/** What a user may be; empty if nobody can be logged in as that user. */
	Optional<Standing> findStanding(UUID id) {
		return this.jdbc
			.sql("SELECT roles, token_generation, " + HAS_SECOND_FACTOR + " FROM app_user WHERE id = ? AND "
					+ this.active)
			.param(id)
			.query((row, index) -> new Standing(rolesForNow(row), row.getLong("token_generation")))
			.optional();
	}

	/** The users whose tokens were taken back since; the newest if there are too many. */
	Map<UUID, Long> findTokenGenerations(Instant since, int most) {
		Map<UUID, Long> generations = new HashMap<>();
		this.jdbc
			.sql("SELECT id, token_generation FROM app_user WHERE tokens_revoked_at > ?"
					+ " ORDER BY tokens_revoked_at DESC LIMIT ?")
			.params(since.atOffset(ZoneOffset.UTC), most)
			.query((row) -> {
				generations.put(row.getObject("id", UUID.class), row.getLong("token_generation"));
			});
		return generations;
	}

	/** Makes all access tokens that a user has worthless, a moment later everywhere. */
	void revokeTokens(UUID id, Instant at) {
		this.jdbc.sql("UPDATE app_user SET token_generation = token_generation + 1, tokens_revoked_at = ? WHERE id = ?")
			.params(at.atOffset(ZoneOffset.UTC), id)
			.update();
	}

	/**
	 * The ids of all ADMINs who can be logged in, also of those who lack a second factor
	 * for now. Nobody else changes the roles of these or of the given user until the end
	 * of the transaction. All who need more than one user locked come here, where the
	 * order is the same for all, so that nobody waits in a circle.
	 */
	Set<UUID> lockAdminsAnd(UUID id) {
		return this.jdbc
			.sql("SELECT id, 'ADMIN' = ANY (roles) AND " + this.active + " AS is_admin FROM app_user"
					+ " WHERE erased_at IS NULL AND ('ADMIN' = ANY (roles) OR id = ?) ORDER BY id FOR NO KEY UPDATE")
			.param(id)
			.query((row, index) -> Map.entry(row.getObject("id", UUID.class), row.getBoolean("is_admin")))
			.stream()
			.filter(Map.Entry::getValue)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/**
	 * Whether a user is an ADMIN; if so, nobody changes that until the end of the
	 * transaction. It is looked at once the row is locked, because what another table
	 * says is not read again after the wait for a lock.
	 */
	boolean holdIfAdmin(UUID id) {
		return this.jdbc.sql("SELECT id FROM app_user WHERE id = ? AND 'ADMIN' = ANY (roles) FOR SHARE")
			.param(id)
			.query(UUID.class)
			.optional()
			.filter(this::isAdmin)
			.isPresent();
	}

	/** Whether a user is an ADMIN now, who has all that an ADMIN needs. */
	boolean isAdmin(UUID id) {
		return findStanding(id).filter((user) -> user.roles().contains(Role.ADMIN)).isPresent();
	}

	/** The newest first. */
	List<User> findPage(@Nullable UUID after, int size) {
		return this.jdbc.sql(SELECT + "AND (?::uuid IS NULL OR id < ?::uuid) ORDER BY id DESC LIMIT ?")
			.param(after)
			.param(after)
			.param(size)
			.query(this::map)
			.list();
	}

	/** What a log-in is checked against; empty if nobody can log in to the account. */
	Optional<Credentials> findCredentials(EmailAddress email) {
		return credentials(email, this.active);
	}

	/** The same of an account that is not known to be the demo's. */
	Optional<Credentials> findCredentialsNotOfDemo(EmailAddress email) {
		return credentials(email, "NOT demo");
	}

	private Optional<Credentials> credentials(EmailAddress email, String condition) {
		return this.jdbc
			.sql("SELECT id, password_hash, token_generation FROM app_user WHERE email_key = ? AND " + condition)
			.param(fingerprint(email))
			.query((row, index) -> new Credentials(row.getObject("id", UUID.class), row.getString("password_hash"),
					row.getLong("token_generation")))
			.optional();
	}

	void markForDemo(UUID id) {
		this.jdbc.sql("UPDATE app_user SET demo = true WHERE id = ?").param(id).update();
	}

	long countForDemo() {
		return this.jdbc.sql("SELECT count(*) FROM app_user WHERE demo AND erased_at IS NULL")
			.query(Long.class)
			.single();
	}

	void rename(UUID id, String name) {
		this.jdbc.sql("UPDATE app_user SET name = ? WHERE id = ?").params(encryptedName(name, id), id).update();
	}

	/**
	 * Gives a user an address that they have confirmed; a taken one is a
	 * {@link org.springframework.dao.DuplicateKeyException}.
	 */
	void changeEmail(UUID id, EmailAddress email) {
		this.jdbc.sql("UPDATE app_user SET email = ?, email_key = ?, email_confirmed = true WHERE id = ?")
			.params(encryptedEmail(email, id), fingerprint(email), id)
			.update();
	}

	void changePassword(UUID id, String passwordHash) {
		this.jdbc.sql("UPDATE app_user SET password_hash = ? WHERE id = ?").params(passwordHash, id).update();
	}

	void changeRoles(UUID id, Set<Role> roles) {
		this.jdbc.sql("UPDATE app_user SET roles = string_to_array(?, ',') WHERE id = ?")
			.params(text(roles), id)
			.update();
	}

	/** Takes everything that says who it was. The id stays, for what refers to it. */
	void erase(UUID id, Instant at) {
		this.jdbc.sql("DELETE FROM address WHERE user_id = ?").param(id).update();
		this.jdbc.sql("DELETE FROM preference WHERE user_id = ?").param(id).update();
		this.jdbc
			.sql("UPDATE app_user SET email = NULL, email_key = NULL, password_hash = NULL, name = NULL, erased_at = ?"
					+ " WHERE id = ?")
			.params(at.atOffset(ZoneOffset.UTC), id)
			.update();
	}

	private static String text(Set<Role> roles) {
		return roles.stream().map(Role::name).sorted().collect(Collectors.joining(","));
	}

	private byte[] fingerprint(EmailAddress email) {
		return this.personalData.fingerprint(email.key());
	}

	private byte[] encryptedEmail(EmailAddress email, UUID id) {
		return this.personalData.encrypt(email.text(), "email of " + id);
	}

	private byte[] encryptedName(String name, UUID id) {
		return this.personalData.encrypt(name, "name of " + id);
	}

	private User map(ResultSet row, int index) throws SQLException {
		UUID id = row.getObject("id", UUID.class);
		return new User(id, this.personalData.decrypt(row.getBytes("email"), "email of " + id),
				row.getBoolean("email_confirmed"), this.personalData.decrypt(row.getBytes("name"), "name of " + id),
				roles(row), row.getObject("created_at", OffsetDateTime.class).toInstant());
	}

	/** Of an ADMIN who needs a second factor and has none: those of a CUSTOMER. */
	private Set<Role> rolesForNow(ResultSet row) throws SQLException {
		Set<Role> roles = roles(row);
		if (this.secondFactorRequired && !row.getBoolean("has_second_factor") && roles.remove(Role.ADMIN)) {
			roles.add(Role.CUSTOMER);
		}
		return roles;
	}

	private static Set<Role> roles(ResultSet row) throws SQLException {
		return Arrays.stream((String[]) row.getArray("roles").getArray())
			.map(Role::valueOf)
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
	}

}
