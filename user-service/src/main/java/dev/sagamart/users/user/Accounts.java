package dev.sagamart.users.user;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.events.UserEvent.UserRegistered;
import dev.sagamart.platform.messaging.Outbox;
import dev.sagamart.platform.security.Role;
import dev.sagamart.users.user.Change.Changed;
import dev.sagamart.users.user.Change.LastAdmin;
import dev.sagamart.users.user.Change.NotAdmin;
import dev.sagamart.users.user.Registration.EmailTaken;
import dev.sagamart.users.user.Registration.Registered;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes, changes and erases accounts, and tells the other services about it. */
@Service
public class Accounts {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	/** Of the users that are published as having had their tokens taken back. */
	private static final int MAX_REVOKED = 20_000;

	private final UserRepository users;

	private final Passwords passwords;

	private final Outbox outbox;

	private final ApplicationEventPublisher events;

	private final TransactionTemplate transaction;

	private final Clock clock;

	Accounts(UserRepository users, Passwords passwords, Outbox outbox, ApplicationEventPublisher events,
			TransactionTemplate transaction, Clock clock) {
		this.users = users;
		this.passwords = passwords;
		this.outbox = outbox;
		this.events = events;
		this.transaction = transaction;
		this.clock = clock;
	}

	/** Makes an account. The password is hashed before the transaction begins. */
	public Registration register(EmailAddress email, String password, String name, Set<Role> roles) {
		return register(email, password, name, roles, false);
	}

	/** Makes an account that works only in the demo, unless the address is taken. */
	void registerForDemo(EmailAddress email, String password, String name, Set<Role> roles) {
		register(email, password, name, roles, true);
	}

	private Registration register(EmailAddress email, String password, String name, Set<Role> roles, boolean demo) {
		if (this.users.isTaken(email)) {
			return new EmailTaken();
		}
		String passwordHash = this.passwords.hash(password);
		User user = new User(IDS.generate(), email.text(), demo, name, roles,
				this.clock.instant().truncatedTo(ChronoUnit.MICROS));
		return this.transaction.execute((status) -> {
			if (!this.users.add(user, email, passwordHash, demo)) {
				return new EmailTaken();
			}
			this.outbox.append(new UserRegistered(user.id()));
			if (!demo) {
				this.events.publishEvent(new AccountRegistered(user.id(), email));
			}
			return new Registered(user);
		});
	}

	public Optional<User> find(UUID id) {
		return this.users.find(id);
	}

	/** What a user may be now; empty if nobody can be logged in as that user. */
	public Optional<Standing> standing(UUID id) {
		return this.users.findStanding(id);
	}

	/** Makes all access tokens that a user has worthless, a moment later everywhere. */
	public void revokeTokens(UUID id) {
		this.users.revokeTokens(id, this.clock.instant());
	}

	/**
	 * The users whose access tokens were taken back at some time since, with the
	 * generation of those that are good; the newest, if there are too many.
	 */
	public Map<UUID, Long> tokenGenerationsSince(Instant since) {
		return this.users.findTokenGenerations(since, MAX_REVOKED);
	}

	/**
	 * Does something about a user, whom nobody else changes or erases before it is done.
	 * @return empty, with nothing done, if nobody can be logged in as that user
	 */
	public <T> Optional<T> holding(UUID id, Function<User, T> work) {
		return this.transaction.execute(
				(status) -> this.users.lock(id).filter((user) -> this.users.findStanding(id).isPresent()).map(work));
	}

	/**
	 * The same, if the user's generation of tokens is still the one that was read with
	 * the password that they gave: what they gave it for has not ended since.
	 * @return empty, with nothing done, if another generation has begun
	 */
	public <T> Optional<T> holding(UUID id, long tokenGeneration, Function<User, T> work) {
		return holding(id, (user) -> standing(id).filter((now) -> now.tokenGeneration() == tokenGeneration)
			.map((_) -> work.apply(user))).flatMap(Function.identity());
	}

	/**
	 * Does what only an ADMIN may, in the same transaction that finds out whether the
	 * caller is one: nobody takes the role from them before it is done.
	 * @return empty, with nothing done, if the caller is no ADMIN, or no longer
	 */
	public <T> Optional<T> asAdmin(UUID callerId, Supplier<T> work) {
		return this.transaction
			.execute((status) -> this.users.holdIfAdmin(callerId) ? Optional.of(work.get()) : Optional.empty());
	}

	/**
	 * The same about another user, whom nobody else changes or erases before it is done.
	 * Two ADMINs who do it to each other at once come one after the other.
	 * @param work gets that user, or nothing if there is none
	 */
	public <T> Optional<T> asAdmin(UUID callerId, UUID id, Function<Optional<User>, T> work) {
		return this.transaction.execute((status) -> {
			boolean admin = this.users.lockAdminsAnd(id).contains(callerId) && this.users.isAdmin(callerId);
			return admin ? Optional.of(work.apply(this.users.lock(id))) : Optional.empty();
		});
	}

	/** The newest first. */
	public List<User> findPage(@Nullable UUID after, int size) {
		return this.users.findPage(after, size);
	}

	/** Notes of an account that has this password that it works only in the demo. */
	void markForDemo(EmailAddress email, String password) {
		this.users.findCredentialsNotOfDemo(email)
			.filter((found) -> this.passwords.matches(password, found.passwordHash()))
			.ifPresent((found) -> this.users.markForDemo(found.userId()));
	}

	/** How many accounts there are that work only in the demo. */
	long countForDemo() {
		return this.users.countForDemo();
	}

	/** What a log-in is checked against; empty if nobody can log in to the account. */
	public Optional<Credentials> credentials(EmailAddress email) {
		return this.users.findCredentials(email);
	}

	/** Changes the name; empty if there is no such account, or no longer. */
	public Optional<User> rename(UUID id, String name) {
		return this.transaction.execute((status) -> this.users.lock(id).flatMap((user) -> {
			this.users.rename(id, name);
			return this.users.find(id);
		}));
	}

	/**
	 * Gives a user the address that they have shown to be theirs, in a transaction that
	 * {@link #holding holds} the user.
	 * @return {@code false} if somebody else has it
	 */
	public boolean confirmEmail(User user, EmailAddress email) {
		boolean others = !email.key().equals(EmailAddress.of(user.email()).orElseThrow().key())
				&& this.users.isTaken(email);
		if (!others) {
			this.users.changeEmail(user.id(), email);
			this.events.publishEvent(new EmailConfirmed(user.id()));
		}
		return !others;
	}

	/**
	 * Changes the password, in a transaction that {@link #holding holds} the user.
	 * @param passwordHash see {@link Passwords#hash}
	 */
	public void changePassword(User user, String passwordHash) {
		this.users.changePassword(user.id(), passwordHash);
	}

	/**
	 * Gives a user other roles. The caller has to be an ADMIN when the change is made,
	 * whatever they were before: of two who take the role from each other at once, the
	 * second is none any more.
	 */
	public Change changeRoles(UUID callerId, UUID id, Set<Role> roles) {
		return this.transaction.execute((status) -> {
			Set<UUID> admins = this.users.lockAdminsAnd(id);
			if (!admins.contains(callerId) || !this.users.isAdmin(callerId)) {
				return new NotAdmin();
			}
			if (!roles.contains(Role.ADMIN) && admins.equals(Set.of(id))) {
				return new LastAdmin();
			}
			Optional<User> user = this.users.find(id);
			if (user.isEmpty()) {
				return new Change.NoSuchUser();
			}
			if (user.get().roles().equals(roles)) {
				return new Changed(user.get());
			}
			this.users.changeRoles(id, roles);
			revokeTokens(id);
			return new Changed(this.users.find(id).orElseThrow());
		});
	}

	/** Erases a user for good. */
	public Change erase(UUID id) {
		return this.transaction.execute((status) -> {
			// locks them all, so that of two who go at once the second stays
			if (this.users.lockAdminsAnd(id).equals(Set.of(id))) {
				return new LastAdmin();
			}
			return this.users.lock(id).<Change>map((user) -> {
				this.users.erase(id, this.clock.instant());
				this.events.publishEvent(new AccountErased(id, EmailAddress.of(user.email()).orElseThrow()));
				this.outbox.append(new UserErased(id));
				return new Changed(user);
			}).orElseGet(Change.NoSuchUser::new);
		});
	}

}
